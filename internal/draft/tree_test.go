package draft_test

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/views"
)

const law = `第二章 不正当竞争行为
第七条 经营者不得实施下列行为：
（一）擅自使用他人名称；
（二）擅自使用他人域名。
经营者不得帮助他人实施混淆行为。
第八条 经营者不得贿赂：
（一）单位；
（二）个人。
`

func read(t *testing.T, source string) []draft.Row {
	t.Helper()
	out, err := draft.Read(draft.Source{Text: source})
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]draft.Row, len(out.Provisions))
	for i, p := range out.Provisions {
		rows[i] = draft.Row{Key: p.Key, Kind: p.Kind, Number: p.Number, Heading: p.Heading, Text: p.Text, Parent: p.Parent}
	}
	return rows
}

func treeOf(rows []draft.Row, lang string) *draft.Tree {
	ps := make([]draft.Provision, len(rows))
	for i, r := range rows {
		ps[i] = draft.Provision{Position: int64(i + 1), Key: r.Key, Kind: r.Kind, Number: r.Number, Heading: r.Heading, Text: r.Text, Parent: r.Parent, Lang: lang}
	}
	return draft.NewTree(ps)
}

func locales(t *testing.T) (zh, en *i18n.Locale) {
	t.Helper()
	b, err := i18n.Load(views.Locales, "locales", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return b.Locale("zh-CN", "zh-CN"), b.Locale("en", "zh-CN")
}

func TestAProvisionIsNamedAsAReaderWouldNameIt(t *testing.T) {
	zh, en := locales(t)
	tree := treeOf(read(t, law), "zh-CN")
	names := map[string][2]string{"": {"整部草案", "The draft as a whole"}, "art-99": {"art-99", "art-99"}}
	for _, p := range tree.Rows {
		switch {
		case strings.Contains(p.Text, "他人域名"):
			names[p.Key] = [2]string{"第七条第一款第二项", "Article 7, paragraph 1, item 2"}
		case strings.Contains(p.Text, "帮助他人"):
			names[p.Key] = [2]string{"第七条第二款", "Article 7, paragraph 2"}
		case strings.Contains(p.Text, "个人"):
			names[p.Key] = [2]string{"第八条第二项", "Article 8, item 2"}
		case p.Kind == outline.KindArticle && p.Number == "第八条":
			names[p.Key] = [2]string{"第八条", "Article 8"}
		case p.Kind == outline.KindChapter:
			names[p.Key] = [2]string{"第二章", "Chapter 2"}
		}
	}
	if len(names) != 7 {
		t.Fatalf("the sample was read as %+v", tree.Rows)
	}
	for key, want := range names {
		if got := [2]string{tree.Label(zh, key), tree.Label(en, key)}; got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestReadersChooseAmongArticles(t *testing.T) {
	var numbers []string
	tree := treeOf(read(t, law), "zh-CN")
	for _, p := range tree.Articles() {
		numbers = append(numbers, p.Number)
	}
	if got := strings.Join(numbers, " "); got != "第七条 第八条" {
		t.Errorf("articles: %s", got)
	}
	for _, p := range tree.Rows {
		a, ok := tree.Article(p.Key)
		if ok != (p.Kind != outline.KindChapter) || ok && a.Kind != outline.KindArticle {
			t.Errorf("%s stands in %q, %v", p.Key, a.Key, ok)
		}
	}
}

func TestNoWordCanBeLostOrAddedByCorrecting(t *testing.T) {
	rows := read(t, law)
	last := rows[len(rows)-1].Key
	merged, err := draft.Merge(rows, last)
	if err != nil || len(merged) != len(rows)-1 {
		t.Fatalf("%d rows, error %v", len(merged), err)
	}
	if words(merged) != words(rows) {
		t.Error("merging changed the words")
	}
	split, err := draft.Split(rows, last, []string{"个", "人。"}, outline.KindText)
	if err != nil || len(split) != len(rows)+1 {
		t.Fatalf("%d rows, error %v", len(split), err)
	}
	if words(split) != words(rows) {
		t.Error("splitting changed the words")
	}
	keys := map[string]bool{}
	for _, r := range split {
		if r.Key == "" || keys[r.Key] {
			t.Errorf("key %q is empty or there twice", r.Key)
		}
		keys[r.Key] = true
	}
	if _, err := draft.Merge(rows, rows[0].Key); !fault.Is(err, fault.Invalid) {
		t.Errorf("merging the first row: %v", err)
	}
}

func TestARowThatBecomesAnArticleGetsItsKey(t *testing.T) {
	rows := read(t, "第一条 甲。\n第二条 乙：\n（一）丙；\n")
	i := 1
	changed, err := draft.Set(rows, draft.Change{Key: rows[i].Key, Kind: outline.KindArticle, Number: "第二十一条之一", Text: rows[i].Text})
	if err != nil {
		t.Fatal(err)
	}
	if changed[i].Key != "art-21-1" || changed[i+1].Parent != "art-21-1" {
		t.Errorf("key %q, the item's parent %q", changed[i].Key, changed[i+1].Parent)
	}
	if rows[i].Key == changed[i].Key {
		t.Error("the rows that were given were changed")
	}
}

func TestASourceThatHoldsNothingIsRefused(t *testing.T) {
	for _, x := range []struct {
		src   draft.Source
		field string
	}{
		{draft.Source{Text: " \n\t"}, "text"},
		{draft.Source{Text: "第一条 甲。", Format: "docx"}, "format"},
		{draft.Source{Text: strings.Repeat("a", draft.MaxSource+1)}, "text"},
	} {
		_, err := draft.Read(x.src)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Name != x.field {
			t.Errorf("%.20q: %v, want a fault of %s", x.src.Text, err, x.field)
		}
	}
}

func words(rows []draft.Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(strings.Fields(r.Number+r.Heading+r.Text), ""))
	}
	return b.String()
}
