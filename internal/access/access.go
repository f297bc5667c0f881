// Package access answers one question: may this role do this, here? Whether the
// state allows it, or whether it is the person's own work, is for the domain.
//
// The answer is casbin's, over the files embedded in policies; nothing is
// allowed that no line allows. Which roles a person holds is data (grants) and
// comes with the actor.
package access

import (
	"bufio"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/policies"
)

// Permission is an object and what is done to it, such as consultation:approve.
type Permission struct{ Object, Action string }

// String writes object:action.
func (p Permission) String() string { return p.Object + ":" + p.Action }

// Gate decides. It is safe for concurrent use.
type Gate struct {
	enforcer *casbin.SyncedCachedEnforcer
	known    map[Permission]bool
}

// New reads the embedded policies.
func New() (*Gate, error) { return FromFiles(policies.Files) }

// FromFiles reads model.conf and every *.csv of a folder.
func FromFiles(files fs.FS) (*Gate, error) {
	text, err := fs.ReadFile(files, "model.conf")
	if err != nil {
		return nil, err
	}
	m, err := model.NewModelFromString(string(text))
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewSyncedCachedEnforcer(m)
	if err != nil {
		return nil, err
	}
	g := &Gate{enforcer: e, known: map[Permission]bool{}}
	names, err := fs.Glob(files, "*.csv")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	for _, name := range names {
		if err := g.load(files, name); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *Gate) load(files fs.FS, name string) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := g.add(strings.Split(line, ",")); err != nil {
			return fmt.Errorf("policies/%s:%d: %w", name, n, err)
		}
	}
	return lines.Err()
}

func (g *Gate) add(cells []string) error {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	switch {
	case len(cells) == 3 && cells[0] == "g":
		_, err := g.enforcer.AddGroupingPolicy(cells[1], cells[2])
		return err
	case len(cells) == 5 && cells[0] == "p":
		g.known[Permission{cells[3], cells[4]}] = true
		_, err := g.enforcer.AddPolicy(cells[1], cells[2], cells[3], cells[4])
		return err
	}
	return fmt.Errorf("want “p, role, where, object, action” or “g, role, inherits”, got %q", cells)
}

// May reports whether the actor may do it in the organisation (0: the site). The
// command line and the clock act on behalf of the site's owner and may do all
// that some line of the policies knows.
func (g *Gate) May(who actor.Actor, p Permission, organisation int64) bool {
	if who.Kind == actor.CLI || who.Kind == actor.Clock {
		return g.known[p]
	}
	if who.Kind == actor.Token && !g.tokenMay(who, p, organisation) {
		return false
	}
	if who.Kind == actor.Token && who.ID == 0 {
		return true // its scopes are all there is to ask
	}
	return g.personMay(who, p, organisation)
}

// tokenMay asks the token's scopes; a token is nobody outside its organisation.
func (g *Gate) tokenMay(who actor.Actor, p Permission, organisation int64) bool {
	if g.allowed(string(actor.Nobody), "any", p) {
		return true
	}
	if who.TokenOrganisation != organisation {
		return false
	}
	for _, s := range who.TokenScopes {
		if g.allowed("scope:"+string(s), "own", p) {
			return true
		}
	}
	return false
}

func (g *Gate) personMay(who actor.Actor, p Permission, organisation int64) bool {
	standing := actor.Nobody
	if who.ID != 0 {
		standing = actor.Member
	}
	if g.allowed(string(standing), "any", p) {
		return true
	}
	where := "own"
	if organisation == 0 {
		where = "site"
	}
	for _, grant := range who.Grants {
		if grant.Organisation == organisation && g.allowed(string(grant.Role), where, p) {
			return true
		}
	}
	return false
}

func (g *Gate) allowed(role, where string, p Permission) bool {
	ok, err := g.enforcer.Enforce(role, where, p.Object, p.Action)
	return err == nil && ok
}

// Require is May with its refusal: who is unknown is asked to sign in (401); who
// has no role in the organisation is told that there is nothing (404); who has a
// role that does not suffice is told so (403).
func (g *Gate) Require(who actor.Actor, p Permission, organisation int64) error {
	if g.May(who, p, organisation) {
		return nil
	}
	if !who.Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if !Belongs(who, organisation) {
		return fault.Missing()
	}
	return fault.New(fault.Forbidden, "forbidden")
}

// Belongs reports whether the actor has anything to do with the organisation.
func Belongs(who actor.Actor, organisation int64) bool {
	if who.Kind == actor.CLI || who.Kind == actor.Clock {
		return true
	}
	if who.Kind == actor.Token && who.TokenOrganisation != organisation {
		return false
	}
	if who.Kind == actor.Token && who.ID == 0 {
		return true
	}
	return len(who.RolesIn(organisation)) > 0
}

// Permissions lists every permission that a policy line names, sorted.
func (g *Gate) Permissions() []Permission {
	out := make([]Permission, 0, len(g.known))
	for p := range g.known {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].String() < out[j].String() })
	return out
}
