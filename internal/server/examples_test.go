package server_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/web"
	"guangyi/views/assets"
)

var placeholder = regexp.MustCompile(`/([a-z.]+)/:([a-z]+)|:([a-z]+)`)

// address fills a route's parameters with what own has. Where the request may
// change the thing, it is made for this one request.
func (g *grid) address(r web.RouteInfo) string {
	g.t.Helper()
	fresh := r.Method != "GET"
	return placeholder.ReplaceAllStringFunc(r.Path, func(part string) string {
		m := placeholder.FindStringSubmatch(part)
		room, name := m[1], m[2]
		if room == "" {
			name = m[3]
		}
		value := g.example(r, room, name, fresh)
		if room == "" {
			return value
		}
		return "/" + room + "/" + value
	})
}

// example gives one value of a parameter below a room of the site.
func (g *grid) example(r web.RouteInfo, room, name string, fresh bool) string {
	g.t.Helper()
	if name == "slug" && room == "consultations" {
		if slug, ok := g.surveyExample(r); ok {
			return slug
		}
		if fresh && strings.Contains(r.Path, "attachments") { // they change before the approval only
			return g.hidden
		}
		return g.slug
	}
	make := g.maker(room, name)
	if make == nil {
		g.t.Fatalf("%s %s: no example for :%s below /%s; give one in maker", r.Method, r.Path, name, room)
	}
	key := room + "/" + name
	if !fresh {
		if g.fixed[key] == "" {
			g.fixed[key] = make()
		}
		return g.fixed[key]
	}
	return make()
}

// maker tells how to make what a parameter names.
func (g *grid) maker(room, name string) func() string {
	switch room + "/" + name {
	case "suggestions/id":
		return g.newSuggestion
	case "suggestions/number":
		return func() string { return "1" }
	case "split/comment", "join/comment", "aim/comment": // of the submission that was just made
		return func() string { return g.newest("SELECT MAX(id) FROM comments") }
	case "workbench/id", "comments/id":
		return g.newComment
	case "submissions/id":
		return g.newSubmission
	case "attachments/id":
		return g.newAttachment
	case "files/file":
		return g.newFile
	case "open/token":
		return func() string { return g.recovery(g.slug) }
	case "receipts/number":
		return func() string { return g.newReceipt().Number }
	case "accounts/id":
		return g.newAccount
	case "tokens/id":
		return g.newTokenID
	case "representatives/id":
		return g.newApplicant
	case "representative/reference":
		return g.newMembership
	case "representatives/slug":
		return func() string { g.openPool(g.owner); return g.owner }
	case "organisations/slug":
		return func() string { return g.owner }
	case "assets/name", "/name":
		return firstAsset
	}
	if make := g.sittingMaker(room, name); make != nil {
		return make
	}
	if f := g.meetingMaker(room, name); f != nil {
		return f
	}
	if make := g.moderationMaker(room, name); make != nil {
		return make
	}
	if make := g.importMaker(room, name); make != nil {
		return make
	}
	if make := g.referralMaker(room, name); make != nil {
		return make
	}
	if make := g.mailMaker(room, name); make != nil {
		return make
	}
	if make := g.deskMaker(room, name); make != nil {
		return make
	}
	return g.invitationMaker(room, name)
}

func (g *grid) newReceipt() receipt {
	g.t.Helper()
	g.made++
	return g.send(g.slug, fmt.Sprintf("made-%d", g.made), letter(secretComment+fmt.Sprint(g.made)))
}

func (g *grid) newComment() string {
	g.t.Helper()
	g.newReceipt()
	ids := g.newest("SELECT MAX(id) FROM comments")
	return ids
}

func (g *grid) newSubmission() string {
	g.t.Helper()
	g.newReceipt()
	return g.newest("SELECT MAX(id) FROM submissions")
}

func (g *grid) newSuggestion() string {
	g.t.Helper()
	id := g.newComment()
	return g.gather(g.owner, g.slug, "归纳"+id, id)
}

func (g *grid) newest(query string) string {
	g.t.Helper()
	var id int64
	must(g.t, g.db().Reader().QueryRowContext(context.Background(), query).Scan(&id))
	return fmt.Sprint(id)
}

// newAttachment puts a file to the prepared notice by the officer's page.
func (g *grid) newAttachment() string {
	g.t.Helper()
	officer := g.as(g.owner, actor.Officer)
	path := "/staff/consultations/" + g.hidden + "/attachments"
	form := officer.open(path).formWith(g.t, "file")
	g.made++
	values := url.Values{}
	for k, v := range form.values {
		values[k] = v
	}
	for _, n := range form.names {
		if n == "title" {
			values.Set(n, fmt.Sprintf("附件%d", g.made))
		}
	}
	got := officer.do(officer.multipart(officer.local(form.action), values, []upload{{"file", "note.txt", []byte(fmt.Sprintf("附件正文 %d", g.made))}}))
	if got.status != 303 {
		g.t.Fatalf("the attachment was refused: %s", got)
	}
	return g.newest("SELECT MAX(id) FROM attachments")
}

func (g *grid) newAccount() string {
	g.t.Helper()
	g.made++
	a, err := g.services.Accounts.Add(context.Background(), actor.Console(), account.Details{
		Email: fmt.Sprintf("made-%d@%s.example", g.made, g.owner), Role: actor.Legal, Organisation: g.org(g.owner).ID, Password: password,
	})
	must(g.t, err)
	return fmt.Sprint(a.ID)
}

func (g *grid) newTokenID() string {
	g.t.Helper()
	g.newToken(g.owner, "", actor.Read)
	return g.newest("SELECT MAX(id) FROM api_tokens")
}

func firstAsset() string {
	set, err := assets.Open()
	if err != nil || len(set.Names()) == 0 {
		return "missing"
	}
	return strings.TrimPrefix(set.URL(set.Names()[0]), assets.Prefix)
}
