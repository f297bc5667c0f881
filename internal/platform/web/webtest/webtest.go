// Package webtest lets the tests of a capability's pages ask them as browsers and
// programs do, over a site that holds these pages only.
package webtest

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
)

// People are those whom a site knows: the session's cookie and the bearer token are
// the name.
type People map[string]actor.Actor

// Person finds somebody.
func (p People) Person(_ context.Context, name string) (actor.Actor, error) {
	if who, ok := p[name]; ok {
		return who, nil
	}
	return actor.Public(), fault.New(fault.Unauthenticated, "sign_in_first")
}

// Options completes what every test wants alike: who signs in, a page of errors
// that names the fault, and no log.
func (p People) Options(o web.Options) web.Options {
	o.Session, o.Bearer, o.ErrorPage = p.Person, p.Person, refusal
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	return o
}

// refusal names the fault: the site's own page of errors is tested with the site.
func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + html.EscapeString(f.Fault.Code) + "</p>")
}

// Assets stand for those of the views where no browser looks.
type Assets struct{}

// URL gives an address that nobody fetches.
func (Assets) URL(name string) string { return "/assets/" + name }

// Listen opens a port for a site and gives its address.
func Listen(t testing.TB) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, "http://" + l.Addr().String()
}

// Serve finishes the site and answers on the port until the test ends.
func Serve(t testing.TB, site *web.Site, l net.Listener) {
	site.Finish()
	go func() { _ = site.Serve(l) }()
	t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
}
