package layouts

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/i18n"
	"guangyi/views"
	"guangyi/views/components"
)

const words = "现在很多人用网名做生意，粉丝只认网名。只写“笔名、艺名、译名”，网名被冒用时不好认定，建议加上“网名”。平台不会明说“强制”，都是不降价就没流量。"

// BenchmarkPage draws a public page of 50 comments; BenchmarkTemplate draws the
// same size by html/template, for comparison.
func BenchmarkPage(b *testing.B) {
	bundle, err := i18n.Load(views.Locales, "locales", time.UTC)
	if err != nil {
		b.Fatal(err)
	}
	l := bundle.Locale("zh-CN", "zh-CN")
	p := Page{Locale: l, Title: "公开的意见", Path: "/consultations/x/comments", Nav: PublicNav(l), Unit: Unit{Name: "云州市市场监督管理局"}, Assets: plain{}}
	quotes := make([]templ.Component, 50)
	for i := range quotes {
		quotes[i] = components.Quote(l, words, "", fmt.Sprintf("个人，网站，2026年12月%d日", i%30+1))
	}
	ctx := templ.WithChildren(context.Background(), templ.Join(quotes...))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		_ = Public(p).Render(ctx, io.Discard)
	}
}

func BenchmarkTemplate(b *testing.B) {
	t := template.Must(template.New("page").Parse(`<!doctype html><html lang="{{.Lang}}"><head><title>{{.Title}}</title></head><body><nav>{{range .Nav}}<a href="{{.Href}}">{{.Label}}</a>{{end}}</nav><main>{{range .Items}}<blockquote class="gy-quote"><div class="gy-stored">{{.Text}}</div><footer>{{.Meta}}</footer></blockquote>{{end}}</main><footer>{{range .Nav}}<a href="{{.Href}}">{{.Label}}</a>{{end}}</footer></body></html>`))
	type item struct{ Text, Meta string }
	data := struct {
		Lang, Title string
		Nav         []NavItem
		Items       []item
	}{Lang: "zh-CN", Title: "公开的意见", Nav: []NavItem{{Label: "公开征集", Href: "/consultations"}, {Label: "采纳反馈", Href: "/consultations?status=summarised"}}}
	for i := range 50 {
		data.Items = append(data.Items, item{words, fmt.Sprintf("个人，网站，2026年12月%d日", i%30+1)})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		_ = t.Execute(io.Discard, data)
	}
}

// BenchmarkCountedMessage is one message with a plural.
func BenchmarkCountedMessage(b *testing.B) {
	bundle, err := i18n.Load(views.Locales, "locales", time.UTC)
	if err != nil {
		b.Fatal(err)
	}
	l := bundle.Locale("zh-CN", "zh-CN")
	b.ReportAllocs()
	for range b.N {
		_ = l.T("site.article.comments", "count", 58)
	}
}
