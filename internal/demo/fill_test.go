package demo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/account"
	"guangyi/internal/adoption"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// dawn is an early hour in China, when it is still the day before in UTC.
var dawn = time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)

// wired opens the services on one database, as the server wires them.
func wired(ctx context.Context, target, folder string) Open {
	return func(c clock.Clock) (*Services, error) {
		db, err := database.Open(ctx, target, database.Options{Clock: c})
		if err != nil {
			return nil, err
		}
		keys, err := seal.Open(ctx, db, folder)
		if err != nil {
			return nil, err
		}
		gate, err := access.New()
		if err != nil {
			return nil, err
		}
		s := &Services{DB: db, Organisations: organisation.New(db, gate)}
		s.Accounts = account.New(db, gate, s.Organisations, keys)
		if s.Attachments, err = attachment.New(db, gate, folder); err != nil {
			return nil, err
		}
		drafts := draft.New(db, gate)
		s.Consultations = consultation.New(db, gate, drafts, s.Organisations)
		s.Submissions = submission.New(db, gate, keys, s.Consultations, drafts)
		s.Submissions.ClaimWith(s.Attachments)
		s.Moderation = moderation.New(moderation.Deps{DB: db, Gate: gate, Keys: keys, Consultations: s.Consultations, Submissions: s.Submissions})
		s.Submissions.HoldWith(s.Moderation)
		s.Submissions.RuleWith(s.Moderation)
		s.Surveys = survey.New(db, gate, s.Consultations, drafts, s.Submissions)
		s.Desk = desk.New(db, gate, keys, s.Organisations, s.Consultations, drafts, s.Submissions, s.Attachments, time.FixedZone("China", 8*3600))
		s.Adoption = adoption.New(db, gate, s.Consultations, drafts)
		s.Submissions.AnswerWith(s.Adoption)
		for _, e := range []consultation.Event{consultation.SubmitSummary, consultation.PublishSummary} {
			s.Consultations.Guard(e, s.Adoption.Check)
		}
		s.Consultations.Consequence(consultation.PublishSummary, s.Adoption.Sign)
		s.Close = func() error { s.Submissions.Close(); return db.Close() }
		if err := withMeetings(s, gate, keys, drafts); err != nil {
			return nil, err
		}
		return s, nil
	}
}

// filled is a demonstration after it was filled and opened again.
type filled struct {
	*Services
	accounts []Account
	open     Open
}

// TestTheDemonstration fills once on each database and asks everything of it.
func TestTheDemonstration(t *testing.T) {
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		ctx := context.Background()
		open := wired(ctx, target, t.TempDir())
		began := time.Now()
		accounts, err := Fill(ctx, open, dawn)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("filled in %v", time.Since(began).Round(time.Millisecond))
		s, err := open(clock.At(dawn))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		f := filled{s, accounts, open}
		t.Run("shows every state, and its numbers agree", f.showsEveryState)
		t.Run("publishes summaries that balance", f.publishes)
		t.Run("shows what came on paper, with files, masked and withheld", f.showsTheIntake)
		t.Run("calls representatives and keeps their meeting", f.callsAndDecides)
		t.Run("prints an account for every role", f.printsAccounts)
		t.Run("is made in the order of its time", f.inOrder)
		t.Run("is never filled twice", f.neverTwice)
	})
}

// enter signs in with the printed password.
func (f filled) enter(t *testing.T, role actor.Role, organisation string) actor.Actor {
	t.Helper()
	i := slices.IndexFunc(f.accounts, func(a Account) bool { return a.Role == role && a.Organisation == organisation })
	if i < 0 {
		t.Fatalf("%s has no %s", organisation, role)
	}
	token, err := f.Accounts.SignIn(context.Background(), f.accounts[i].Email, f.accounts[i].Password, "192.0.2.1")
	if err != nil {
		t.Fatalf("%s cannot sign in: %v", f.accounts[i].Email, err)
	}
	who, err := f.Accounts.Session(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// all lists the consultations of every organisation by title, as their officers
// see them.
func (f filled) all(t *testing.T) map[string]consultation.Consultation {
	t.Helper()
	out := map[string]consultation.Consultation{}
	for _, org := range contents(t).site.Organisations {
		list, err := f.Consultations.StaffList(context.Background(), f.enter(t, actor.Officer, org.Slug), consultation.StaffFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list.Items {
			out[c.Title] = c
		}
	}
	return out
}

func (f filled) showsEveryState(t *testing.T) {
	all := f.all(t)
	seen := map[consultation.Status]int{}
	for _, n := range contents(t).notices {
		c, ok := all[outlineOf(t, n).Title]
		if !ok {
			t.Errorf("%s is not there", n.file)
			continue
		}
		seen[c.Status(dawn)]++
		if want := n.figures(); c.Counters != want {
			t.Errorf("%s counts %+v, its content file holds %+v", n.file, c.Counters, want)
		}
	}
	for _, s := range consultation.Statuses {
		if seen[s] == 0 {
			t.Errorf("no consultation is %s", s)
		}
	}
	if seen[consultation.Open] < 3 || seen[consultation.PublishedStatus] < 2 {
		t.Errorf("too few to show: %v", seen)
	}
	f.checkVariety(t, all)
}

// figures counts a content file.
func (n *notice) figures() consultation.Counters {
	out := consultation.Counters{Submissions: int64(len(n.Submissions)), Suggestions: int64(len(n.Suggestions))}
	for _, l := range n.Submissions {
		out.Comments += int64(len(l.Comments))
		if l.Withhold != nil {
			out.Withheld++
		}
		for _, c := range l.Comments {
			if c.In != "" {
				out.Gathered++
			}
		}
	}
	if v := n.Survey; v != nil {
		out.Submissions += int64(v.Responses)
		for _, q := range v.Questions {
			if q.Kind.Written() {
				out.Comments += int64(v.Responses+6) / 7
			}
		}
	}
	for _, s := range n.Suggestions {
		switch s.State {
		case "in_review":
			out.InReview++
		case "agreed":
			out.Agreed++
		}
	}
	return out
}

func (f filled) checkVariety(t *testing.T, all map[string]consultation.Consultation) {
	open, moderated, atOnce, extended, busy := map[int64]bool{}, 0, 0, 0, int64(0)
	var first time.Time
	for _, c := range all {
		if c.Status(dawn) != consultation.Open {
			continue
		}
		open[c.Organisation] = true
		if first.IsZero() || c.ClosesAt.Before(first) {
			first = *c.ClosesAt
		}
		switch c.CommentsPublic {
		case consultation.PublicModerated:
			moderated++
		case consultation.PublicAtOnce:
			atOnce++
			busy = max(busy, c.Counters.Comments)
		}
		if c.Extended() {
			extended++
		}
	}
	if len(open) < 2 || moderated == 0 || atOnce == 0 || extended == 0 || busy < 80 {
		t.Errorf("open in %d organisations, %d moderated, %d at once, %d extended, %d comments at most", len(open), moderated, atOnce, extended, busy)
	}
	if d := first.Sub(dawn); d <= 0 || d > 3*24*time.Hour {
		t.Errorf("the first to close does so in %v", d)
	}
}

func (f filled) publishes(t *testing.T) {
	rich, empty := 0, 0
	for _, c := range f.all(t) {
		if s := c.Status(dawn); s != consultation.PublishedStatus && s != consultation.ArchivedStatus {
			continue
		}
		sum, err := f.Adoption.Summary(context.Background(), c.Slug)
		if err != nil {
			t.Errorf("%s: %v", c.Title, err)
			continue
		}
		if n := sum.Counts; int64(n.Submissions) != c.Counters.Submissions || int64(n.Comments) != c.Counters.Comments || int64(n.Suggestions) != c.Counters.Suggestions {
			t.Errorf("%s publishes %+v and counted %+v", c.Title, n, c.Counters)
		}
		if len(sum.Counts.ByDisposition) == len(adoption.Demands) {
			rich++
		}
		if sum.Counts.Submissions == 0 {
			empty++
		}
	}
	if rich == 0 || empty == 0 {
		t.Errorf("%d summaries hold all eight dispositions, %d are empty", rich, empty)
	}
}

func (f filled) printsAccounts(t *testing.T) {
	orgs := contents(t).site.Organisations
	var held []string
	for _, a := range f.accounts {
		held = append(held, string(a.Role)+" "+a.Organisation)
		cells := strings.Split(a.Line(), "\t")
		if len(cells) != 5 || cells[0] != "account" || cells[3] != a.Password || len(a.Password) < account.PasswordLeast || cells[4] == "" {
			t.Errorf("printed as %q", a.Line())
		}
	}
	for _, role := range actor.Roles {
		at := orgs[0].Slug
		if role == actor.Operator {
			at = ""
		}
		if !slices.Contains(held, string(role)+" "+at) {
			t.Errorf("no %s", role)
		}
	}
	for _, want := range []string{"officer " + orgs[1].Slug, "administrator " + orgs[1].Slug, "reviewer " + orgs[1].Slug, "officer " + orgs[2].Slug} {
		if !slices.Contains(held, want) {
			t.Errorf("no %s", want)
		}
	}
	if who := f.enter(t, actor.Operator, ""); !who.Has(0, actor.Operator) {
		t.Errorf("the operator is %+v", who)
	}
}

func (f filled) neverTwice(t *testing.T) {
	before := len(f.all(t))
	accounts, err := Fill(context.Background(), f.open, dawn)
	if !errors.Is(err, ErrHoldsSite) || accounts != nil {
		t.Errorf("a second filling gives %v, %v", accounts, err)
	}
	if after := len(f.all(t)); after != before {
		t.Errorf("%d consultations became %d", before, after)
	}
}

func (f filled) inOrder(t *testing.T) {
	var at []time.Time
	if err := f.DB.Read(context.Background()).Table("audit_entries").Order("id").Pluck("at", &at).Error; err != nil {
		t.Fatal(err)
	}
	if len(at) < 300 || !slices.IsSortedFunc(at, time.Time.Compare) {
		t.Errorf("the trail of %d acts is not in order", len(at))
	}
	if last := at[len(at)-1]; last.After(dawn) {
		t.Errorf("the last act is at %v, after %v", last, dawn)
	}
}

// The demonstration shows what is kept back and what came on paper: a letter at the
// desk, a file, words that are masked, and words that are withheld.
func (f filled) showsTheIntake(t *testing.T) {
	for what, query := range map[string]string{
		"taken at the desk": "SELECT COUNT(*) FROM desk_entries WHERE state = 'taken'",
		"with a file":       "SELECT COUNT(*) FROM submission_files",
		"masked":            "SELECT COUNT(*) FROM comments WHERE redacted <> ''",
		"withheld":          "SELECT COUNT(*) FROM comments WHERE withheld <> ''",
		"answers":           "SELECT COUNT(*) FROM submission_answers",
	} {
		var n int
		if err := f.DB.Read(context.Background()).Raw(query).Scan(&n).Error; err != nil || n == 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
}
