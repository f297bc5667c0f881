package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/i18n"
	"guangyi/views"
	"guangyi/views/assets"
	"guangyi/views/layouts"
)

// policy is as strict as the site's own: no inline script, no inline style.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'"

func page(t *testing.T, lang string) layouts.Page {
	t.Helper()
	bundle, err := i18n.Load(views.Locales, "locales", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	set, err := assets.Open()
	if err != nil {
		t.Fatal(err)
	}
	l := bundle.Locale(lang, "zh-CN")
	return layouts.Page{
		Locale: l, Path: "/x?a=1", Assets: set, Nav: layouts.PublicNav(l), Search: "/search",
		Unit: layouts.Unit{Name: "云州市市场监督管理局", Sub: l.T("site.purpose")},
	}
}

// serve gives every gallery page below a strict content policy.
func serve(t *testing.T, p layouts.Page) string {
	t.Helper()
	all, set := pages(p), p.Assets.(*assets.Set)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.URL.Path, assets.Prefix); ok {
			file, _ := set.File(name)
			w.Header().Set("Content-Type", file.ContentType)
			_, _ = w.Write(file.Body)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if c := all[strings.TrimPrefix(r.URL.Path, "/")]; c != nil {
			_ = c.Render(context.Background(), w)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Every component, in both languages, light and dark, wide and narrow: axe has
// nothing to say and nothing scrolls sideways.
func TestComponentsAreAccessibleEverywhere(t *testing.T) {
	browser := browsertest.Start(t)
	for _, c := range []struct {
		name string
		lang string
		page browsertest.Page
		with func(*layouts.Page)
	}{
		{"wide", "zh-CN", browsertest.Page{}, nil},
		{"dark phone", "zh-CN", browsertest.Page{Width: 320, Height: 640, Dark: true}, nil},
		{"elder", "zh-CN", browsertest.Page{Width: 360, Height: 640}, func(p *layouts.Page) { p.Elder = true }},
		{"dark English without script", "en", browsertest.Page{NoScript: true}, func(p *layouts.Page) { p.Theme = "dark" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := page(t, c.lang)
			if c.with != nil {
				c.with(&p)
			}
			base := serve(t, p)
			tab := browser.Tab(t, c.page)
			for name := range pages(p) {
				tab.Open(base + "/" + name)
				browsertest.NoViolations(t, tab)
				if tab.Scrolls() {
					t.Errorf("%s scrolls sideways", name)
				}
			}
		})
	}
}

var (
	inline       = regexp.MustCompile(`(?i)\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?: [^>]*)?>[^<]`)
	identity     = regexp.MustCompile(`\sid="([^"]*)"`)
	untranslated = regexp.MustCompile(`\[[a-z]+\.[a-z.]+\]`)
)

func TestMarkupNeedsNoLoosePolicyAndNamesEachElementOnce(t *testing.T) {
	for _, lang := range i18n.Tags {
		for name, c := range pages(page(t, lang)) {
			var b strings.Builder
			if err := c.Render(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			if found := inline.FindString(b.String()); found != "" {
				t.Errorf("%s holds %q", name, found)
			}
			if found := untranslated.FindString(b.String()); found != "" {
				t.Errorf("%s in %s shows a key without message: %s", name, lang, found)
			}
			seen := map[string]bool{}
			for _, match := range identity.FindAllStringSubmatch(b.String(), -1) {
				if seen[match[1]] {
					t.Errorf("%s has the id %q twice", name, match[1])
				}
				seen[match[1]] = true
			}
		}
	}
}

// unmarked lists the visible controls whose look does not change with the focus.
const unmarked = `(() => {
	const look = e => { const s = getComputedStyle(e), l = e.labels && e.labels[0];
		let all = s.backgroundColor + s.boxShadow + s.outlineColor + s.outlineStyle + s.borderColor;
		if (l) all += getComputedStyle(l).outlineColor + getComputedStyle(l).outlineStyle + getComputedStyle(l, "::before").boxShadow;
		return all };
	return [...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']")]
		.filter(e => e.getClientRects().length > 0)
		.filter(e => { document.activeElement.blur(); const before = look(e); e.focus(); return document.activeElement !== e || look(e) === before })
		.map(e => e.outerHTML.slice(0, 120));
})()`

// Whoever has no mouse must see where they are, on every control of every part.
func TestEveryControlShowsTheFocus(t *testing.T) {
	p := page(t, "zh-CN")
	base := serve(t, p)
	tab := browsertest.Start(t).Tab(t, browsertest.Page{})
	for name := range pages(p) {
		tab.Open(base + "/" + name)
		tab.Press("\t")
		var found []string
		tab.Evaluate(unmarked, &found)
		for _, control := range found {
			t.Errorf("%s: no sign of focus on %s", name, control)
		}
	}
}
