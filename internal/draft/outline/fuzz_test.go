package outline

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var keyForm = regexp.MustCompile(`^[a-z0-9-]+$`)

// sound checks what holds for every outline of every source.
func sound(t interface{ Fatalf(string, ...any) }, source string, o Outline) {
	if lost := Lost(source, o); lost != "" {
		t.Fatalf("lost: %s\nsource %q", lost, source)
	}
	seen := map[string]bool{}
	line := 0
	for _, p := range o.Provisions {
		switch {
		case !keyForm.MatchString(p.Key):
			t.Fatalf("key %q is not of the form", p.Key)
		case seen[p.Key]:
			t.Fatalf("key %q twice in %q", p.Key, source)
		case p.Parent != "" && !seen[p.Parent]:
			t.Fatalf("parent %q of %q is not earlier", p.Parent, p.Key)
		case len(p.Key) > 400:
			t.Fatalf("key of %d bytes", len(p.Key))
		case p.Number+p.Heading+p.Text == "":
			t.Fatalf("empty row %q", p.Key)
		case p.Line < line:
			t.Fatalf("line %d after %d", p.Line, line)
		}
		seen[p.Key] = true
		line = p.Line
	}
}

var seeds = []string{
	"", "\n", "第", "第一条", "第一条 为了。\n第二条 适用。", "第一章 总则\n第一条（目的）为了：（一）甲；（二）乙。\n前款",
	"# 法\n\n目录\n第一章 总则\n第二章 则\n\n第一章 总则\n第一条 x。", "一、甲\n（一）乙\n1．丙\n（1）丁\n①戊", "“第一条 甲\n“第二条 乙”",
	"---\ntitle: x\n---\n## Section 4.1 Scope\n(a)(1)(i) text\n(ii) more", "SEC. 2. DEFINITIONS.\nIn this Act:\n(1) A.—x", "| a | b |\n|---|---|\n| 第一条 | x |",
	"<!-- c -->\n<p>第一条&nbsp;甲</p>", "**第三条之一** 乙", "附件1：\n第一条 甲\n附件2", "1.1 Scope\n1.1.1 More\n2 Terms", "Article 5\nText\nArticle VI. Name\nText.",
	"第 １ 条　甲。\r\n第２条 乙。", "（一", "（（一）", "*_*__**", "第0条", "第九九九九九九九条", "\ufeff第一条 甲", "一、\n一、\n一、", "(a)\n(a)\n(a)(a)(a)",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, true)
		f.Add(s, false)
	}
	for _, name := range []string{"公平竞争审查条例.md", "反不正当竞争法2019.txt", "5-usc-553.md"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw), true)
	}
	f.Fuzz(func(t *testing.T, source string, marked bool) {
		format := Text
		if marked {
			format = Markdown
		}
		sound(t, source, Parse(source, format))
	})
}

func FuzzDecode(f *testing.F) {
	for _, b := range []string{"abc", "\xef\xbb\xbf第一条", "\xff\xfe\x2c\x7b", "\xfe\xff\x7b\x2c", "\xb5\xda\xd2\xbb\xcc\xf5", "PK\x03\x04", "\x00", "\xff\xfe\x00\xd8", "\x81\x30\x81\x30"} {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := Decode(raw)
		if err != nil {
			return
		}
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Fatalf("%q gave %q", raw, s)
		}
	})
}

func TestNothingIsLostInAnyText(t *testing.T) {
	pieces := rapid.SampledFrom(append(append([]string{}, seeds...), "第一条", "第二条", "第三条之一", "第二章 总则", "（一）", "（二）", "1.", "一、", "二、", "(a)", "(i)", "。", "；", "：", "\n", "\n\n", "　　", " ", "“", "”", "《", "》", "#", "## ", "- ", "> ", "| x |", "目录", "附件", "Section 2. ", "甲乙丙", "text ", "，", "<br>", "\\", "**", "_", "`", "==="))
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), "")
		for _, f := range []Format{Text, Markdown} {
			sound(t, source, Parse(source, f))
		}
	})
}

func TestEveryFixtureIsSound(t *testing.T) {
	for name, source := range corpus(t) {
		for _, f := range []Format{Text, Markdown} {
			sound(t, source, Parse(source, f))
		}
		if o := Parse(source, FormatOf(name)); len(o.Provisions) == 0 {
			t.Errorf("%s: no provisions", name)
		}
	}
}

// A megabyte of anything must be read well within a second: the work grows with
// the length and not with its square.
func TestTimeGrowsWithLength(t *testing.T) {
	law := func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString("第" + chinese(i) + "条　经营者应当遵守下列规定：\n（一）自愿；\n（二）平等。\n违反前款规定的，依照本法第三条处罚。\n")
		}
		return b.String()
	}
	const size = 1 << 20
	sources := map[string]string{
		"law": law(size), "law in one line": strings.ReplaceAll(law(size), "\n", " "), "law without breaks": strings.ReplaceAll(law(size), "\n", ""),
	}
	for _, s := range append(append([]string{}, seeds...), "第一章 ", "第一章", "第二条 ", "。第二条 ", "“", "“”第一条", "（一）", "：（一）；（二）", "(a)", "1.", "一、", "*", "**a", "_a_ ", "<p", "<!--", "|", "《", "（", "（2019年", "0", "第0", "一", " ", "　", "# a\n", "- ", "目录 ", "目录\n第一章 甲\n", "a.\n", "1.1.1.1.1 ", "甲\n", "甲，\n", "第一章\n", "[1]", "\\*", "&nbsp;", "==\n", "1.\n：\n", "1. ：\n", "(i) ", "附件1\n", "SEC. 1. a\n", "- 1 -\n", "第 1 页\n", "# 1. a\n", "第一条\n") {
		if s != "" {
			sources[s] = strings.Repeat(s, size/4/len(s))
		}
	}
	for name, source := range sources {
		formats := []Format{Text, Markdown}
		if !strings.HasPrefix(name, "law") {
			formats = formats[len(name)%2 : len(name)%2+1] // one of them, for the sake of time
		}
		for _, f := range formats {
			start := time.Now()
			o := Parse(source, f)
			took := time.Since(start)
			if took > 3*time.Second {
				t.Errorf("%d bytes of %q as %s took %s", len(source), name, f, took)
			}
			if f == Text {
				sound(t, source, o)
			}
		}
	}
}

func chinese(n int) string {
	const digits = "零一二三四五六七八九"
	d := func(i int) string { return string([]rune(digits)[i]) }
	var b strings.Builder
	zero := false
	for _, u := range []struct {
		n int
		s string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		q := n / u.n % 10
		switch {
		case q == 0:
			zero = b.Len() > 0
			continue
		case zero:
			b.WriteString("零")
			zero = false
		}
		if !(q == 1 && u.n == 10 && b.Len() == 0) {
			b.WriteString(d(q))
		}
		b.WriteString(u.s)
	}
	return b.String()
}

func BenchmarkLawOf650Articles(b *testing.B) {
	var s strings.Builder
	for i := 1; i <= 650; i++ {
		s.WriteString("第" + chinese(i) + "条　国家工作人员利用职务上的便利，索取他人财物的，或者非法收受他人财物，为他人谋取利益的，应当：\n（一）返还；\n（二）赔偿。\n违反前款规定的，依照本法第三条的规定处罚。\n")
	}
	source := s.String()
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		Parse(source, Text)
	}
}
