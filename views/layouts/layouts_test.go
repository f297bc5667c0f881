package layouts

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/i18n"
	"guangyi/views"
	"guangyi/views/components"
)

type plain struct{}

func (plain) URL(name string) string { return "/assets/" + name }

func locale(t *testing.T, tag string) *i18n.Locale {
	t.Helper()
	bundle, err := i18n.Load(views.Locales, "locales", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Locale(tag, "zh-CN")
}

func sample(t *testing.T, tag string) Page {
	l := locale(t, tag)
	return Page{
		Locale: l, Title: "写意见", Path: "/consultations/x?page=2&q=a%26b", Section: "consultations",
		Nav: PublicNav(l, "consultations", "receipts"), Unit: Unit{Name: "云州市市场监督管理局"}, CSRF: "t<o>ken", Assets: plain{},
	}
}

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(templ.WithChildren(context.Background(), templ.Raw("<p>body</p>")), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func holds(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}

func TestAPageIsACompleteDocumentInItsLanguage(t *testing.T) {
	html := drawn(t, Public(sample(t, "zh-CN")))
	holds(t, html, "<!doctype html><html lang=\"zh-CN\"", "<title>写意见 - 云州市市场监督管理局</title>", `href="#main"`, `<main id="main"`, "<p>body</p>", "</html>")
	holds(t, drawn(t, Public(sample(t, "en"))), `<html lang="en"`, ">中文</a>")
}

func TestErrorsAreSaidInTheTitle(t *testing.T) {
	p := sample(t, "zh-CN")
	p.Errors = true
	holds(t, drawn(t, Public(p)), "<title>有错误：写意见")
}

// Changing language or size must not lose the place in a list.
func TestSwitchesKeepTheAddress(t *testing.T) {
	html := drawn(t, Public(sample(t, "zh-CN")))
	holds(t, html, `href="/consultations/x?lang=en&amp;page=2&amp;q=a%26b"`, `href="/consultations/x?elder=1&amp;page=2&amp;q=a%26b"`)
	p := sample(t, "zh-CN")
	p.Elder = true
	holds(t, drawn(t, Public(p)), `data-elder="true"`, "elder=0", "普通版")
}

func TestSigningOutIsAPostWithItsToken(t *testing.T) {
	p := sample(t, "zh-CN")
	p.Viewer = &Viewer{Name: "林知行", Roles: []string{"经办人", "审核人"}, Home: "/staff"}
	for name, html := range map[string]string{"public": drawn(t, Public(p)), "staff": drawn(t, Staff(p))} {
		if !strings.Contains(html, `<form method="post" action="/signout"`) || !strings.Contains(html, `name="csrf" value="t&lt;o&gt;ken"`) {
			t.Errorf("%s: signing out is not a form with the token", name)
		}
	}
	holds(t, drawn(t, Staff(p)), "经办人、审核人")
}

func TestOnlyOpenRoomsAreShownAndTheCurrentOneIsMarked(t *testing.T) {
	html := drawn(t, Public(sample(t, "zh-CN")))
	holds(t, html, `href="/consultations" aria-current="true"`)
	if strings.Contains(html, `href="/meetings"`) {
		t.Error("a room that is not built is in the navigation")
	}
}

func TestAUnitsNameBreaksBehindItsPlace(t *testing.T) {
	for name, want := range map[string]string{
		"云州市市场监督管理局": "云州市", "上海市人力资源和社会保障局": "上海市", "延边朝鲜族自治州财政局": "延边朝鲜族自治州",
		"市场监督管理局": "", "Yunzhou Market Regulation": "", "云州市": "",
	} {
		place, rest := Unit{Name: name}.lines()
		if place != want || place+rest != name {
			t.Errorf("%s breaks into %q and %q", name, place, rest)
		}
	}
}

func TestBackStandsInsteadOfBreadcrumbs(t *testing.T) {
	p := sample(t, "zh-CN")
	p.Breadcrumbs = []components.Link{{Text: "首页", Href: "/"}}
	p.Back = &components.Link{Text: "返回上一步", Href: "/back"}
	html := drawn(t, Public(p))
	holds(t, html, `href="/back"`)
	if strings.Contains(html, "govuk-breadcrumbs") {
		t.Error("both ways back are shown")
	}
}
