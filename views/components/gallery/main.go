// Command gallery writes pages that show every component, with invented texts,
// so that a change of the style sheet can be looked at:
//
//	go run ./views/components/gallery -out /some/folder
//
// Open the files in a browser; -lang, -theme and -elder choose the variant.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/i18n"
	"guangyi/views"
	"guangyi/views/assets"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// local leads to the files beside the pages instead of a server's addresses.
type local struct{ set *assets.Set }

func (l local) URL(name string) string { return "." + l.set.URL(name) }

func main() {
	out := flag.String("out", "", "folder to write to (required)")
	lang := flag.String("lang", "zh-CN", "language of the frame")
	theme := flag.String("theme", "light", "light, dark or empty for the system's")
	elder := flag.Bool("elder", false, "larger text")
	shots := flag.Bool("shots", false, "take pictures with Chromium as well")
	only := flag.String("only", "", "pages to take, separated by commas; empty takes all")
	width := flag.Int64("width", 0, "one width in px; 0 takes 1280 and 360")
	height := flag.Int64("height", 800, "height of the window in px")
	flag.Parse()
	if *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	names, err := write(*out, *lang, *theme, *elder)
	if err == nil && *shots {
		widths := []int64{1280, 360}
		if *width > 0 {
			widths = []int64{*width}
		}
		err = shoot(*out, wanted(names, *only), widths, *height)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func write(out, lang, theme string, elder bool) ([]string, error) {
	set, err := assets.Open()
	if err != nil {
		return nil, err
	}
	bundle, err := i18n.Load(views.Locales, "locales", time.FixedZone("CST", 8*3600))
	if err != nil {
		return nil, err
	}
	if err := copyAssets(set, out); err != nil {
		return nil, err
	}
	l := bundle.Locale(lang, "zh-CN")
	p := layouts.Page{
		Locale: l, Path: "/", Elder: elder, Theme: theme, Assets: local{set},
		Nav:  layouts.PublicNav(l),
		Unit: layouts.Unit{Name: "云州市市场监督管理局", Sub: l.T("site.purpose"), Code: "0000000000", Help: "0571-1234 5678", Hours: "工作日 9:00—17:00，有人接听。"},
	}
	var names []string
	for name, page := range pages(p) {
		if err := render(filepath.Join(out, name+".html"), page); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

func pages(p layouts.Page) map[string]templ.Component {
	staff := p
	staff.Nav = layouts.StaffNav(p.Locale)
	staff.Search = "/staff/search"
	staff.Viewer = &layouts.Viewer{Name: "林知行", Roles: []string{"经办人", "审核人"}, Organisation: "云州市市场监督管理局"}
	bench := staff
	bench.Bare = true
	return map[string]templ.Component{
		"foundations":  foundations(titled(p, "基础", "")),
		"home":         home(titled(p, "首页", "")),
		"consultation": consultation(titled(p, "反不正当竞争法", "consultations")),
		"draft":        draft(titled(p, "草案", "consultations")),
		"comparison":   comparison(titled(p, "对照", "consultations")),
		"write":        comment(titled(p, "写意见", "consultations")),
		"who":          who(titled(p, "您是谁", "consultations")),
		"check":        check(titled(p, "核对并提交", "consultations")),
		"sent":         sent(titled(p, "回执", "receipts")),
		"answered":     answered(titled(p, "答复", "receipts")),
		"summary":      summary(titled(p, "采纳情况", "feedback")),
		"suggestion":   suggestion(titled(p, "归纳意见", "feedback")),
		"stress":       stress(titled(p, "很长的词", "consultations")),
		"states":       states(titled(p, "状态", "consultations")),
		"today":        today(titled(staff, "今日", "today")),
		"workbench":    workbench(titled(bench, "工作台", "consultations")),
		"balance":      balance(titled(staff, "核对", "consultations")),
	}
}

func titled(p layouts.Page, title, section string) layouts.Page {
	p.Title, p.Section = title, section
	if section == "consultations" || section == "feedback" {
		p.Breadcrumbs = []components.Link{{Text: p.Locale.T("site.nav.home"), Href: "/"}, {Text: p.Locale.T("site.nav." + section), Href: "/consultations"}}
	}
	return p
}

func render(path string, page templ.Component) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := page.Render(context.Background(), f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func copyAssets(set *assets.Set, out string) error {
	dir := filepath.Join(out, "assets")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, plain := range set.Names() {
		file, ok := set.File(filepath.Base(set.URL(plain)))
		if !ok {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, file.Name), file.Body, 0o644); err != nil {
			return err
		}
	}
	return nil
}
