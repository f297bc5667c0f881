package outline

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// corpus gives the fixtures, and, for a wider run, every text and Markdown file
// below the folder that GUANGYI_LAW_CORPUS names.
func corpus(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	if wide := os.Getenv("GUANGYI_LAW_CORPUS"); wide != "" {
		err := filepath.WalkDir(wide, func(path string, e os.DirEntry, err error) error {
			if ext := filepath.Ext(path); err == nil && !e.IsDir() && (ext == ".md" || ext == ".txt") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	out := map[string]string{}
	for _, f := range files {
		if filepath.Base(f) == "SOURCE.md" || filepath.Base(f) == "README.md" {
			continue
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Decode(raw)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[f] = text
	}
	if len(out) < 6 {
		t.Fatalf("found %d fixtures, want at least 6", len(out))
	}
	return out
}

// articles gives the whole text of each article, children included, and the
// keys in order.
func articles(o Outline) (keys []string, text map[string]string) {
	text = map[string]string{}
	owner := map[string]string{}
	for _, p := range o.Provisions {
		switch {
		case p.Kind == KindArticle:
			owner[p.Key] = p.Key
			keys = append(keys, p.Key)
			text[p.Key] = squash(p.Heading + p.Text)
			continue
		case owner[p.Parent] == "":
			continue
		}
		owner[p.Key] = owner[p.Parent]
		text[owner[p.Key]] += squash(p.Number + p.Heading + p.Text)
	}
	return keys, text
}

func rows(o Outline) string {
	var b strings.Builder
	for _, p := range o.Provisions {
		if p.Kind == KindTitle || p.Kind == KindToc {
			continue
		}
		fmt.Fprintf(&b, "%s|%s|%s|%s|%s|%s\n", p.Key, p.Kind, squash(p.Number), squash(p.Heading), squash(p.Text), p.Parent)
	}
	return b.String()
}

var (
	unitAtStart    = regexp.MustCompile(`^(第[^条章节编]{1,9}[章节编])\s*(.*)$`)
	articleAtStart = regexp.MustCompile(`^(第[^条章节编]{1,9}条(?:之[一二三四五六七八九十]+)?)[\s　]*(.*)$`)
	headingMarks   = regexp.MustCompile(`(?m)^#+ *`)
)

// plain is a document as lines without marks, empty lines and white space.
func plain(source string) []string {
	var out []string
	for _, s := range strings.Split(headingMarks.ReplaceAllString(source, ""), "\n") {
		if s = trim(s); s != "" && !strings.HasPrefix(s, "<!--") {
			out = append(out, s)
		}
	}
	return out
}

func mapLines(lines []string, f func(string) string) []string {
	out := make([]string, len(lines))
	for i, s := range lines {
		out[i] = f(s)
	}
	return out
}

// wrap cuts every line after n characters, the first being indent.
func wrap(lines []string, n int, indent string) []string {
	var out []string
	for _, s := range lines {
		r := []rune(s)
		if _, ok := strings.CutPrefix(s, "第"); indent != "" && !(ok && unitAtStart.MatchString(s)) {
			r = append([]rune(indent), r...)
		}
		for len(r) > n {
			out = append(out, string(r[:n]))
			r = r[n:]
		}
		out = append(out, string(r))
	}
	return out
}

// wrapCells cuts as a page does: by width, and no line begins with a full stop
// or a comma.
func wrapCells(lines []string, width int) []string {
	var out []string
	for _, s := range lines {
		var line []rune
		w := 0
		for _, r := range s {
			if w+cells(string(r)) > width && !strings.ContainsRune("，。；：、）”》", r) {
				out = append(out, string(line))
				line, w = nil, 0
			}
			line = append(line, r)
			w += cells(string(r))
		}
		out = append(out, string(line))
	}
	return out
}

func join(lines []string, sep string) string { return strings.Join(lines, sep) + "\n" }

// contentsOf lists the headings of a document.
func contentsOf(lines []string) []string {
	var out []string
	for _, s := range lines {
		if unitAtStart.MatchString(s) {
			out = append(out, s)
		}
	}
	return out
}

// withContents puts contents before the first heading.
func withContents(lines, contents []string) []string {
	for i, s := range lines {
		if unitAtStart.MatchString(s) {
			return append(append(append([]string{}, lines[:i]...), contents...), lines[i:]...)
		}
	}
	return lines
}

func arabic(s string) string {
	return regexp.MustCompile(`第([一二三四五六七八九十百零千]+)条`).ReplaceAllStringFunc(s, func(m string) string {
		n, _ := scanNumber(strings.TrimPrefix(m, "第"), false)
		return fmt.Sprintf("第%d条", n)
	})
}

func TestTheSameArticlesHoweverTheTextWasCut(t *testing.T) {
	for name, source := range corpus(t) {
		base := Parse(source, FormatOf(name))
		keys, texts := articles(base)
		if len(keys) == 0 {
			continue
		}
		lines := plain(source)
		hasContents := false
		for _, l := range lines {
			hasContents = hasContents || isContentsWord(l)
		}
		contents := contentsOf(lines)
		leaders := mapLines(contents, func(s string) string { return s + "…………………… 12" })
		variants := map[string]string{
			"CRLF":             strings.ReplaceAll(source, "\n", "\r\n"),
			"CR":               strings.ReplaceAll(source, "\n", "\r"),
			"no marks":         join(lines, "\n"),
			"blank lines":      join(lines, "\n\n"),
			"indented":         join(mapLines(lines, func(s string) string { return "　　" + s }), "\n"),
			"tabs":             join(mapLines(lines, func(s string) string { return "\t" + strings.ReplaceAll(s, " ", "\u3000") }), "\r\n"),
			"no space":         join(mapLines(lines, func(s string) string { return articleAtStart.ReplaceAllString(s, "$1$2") }), "\n"),
			"colon space":      join(mapLines(lines, func(s string) string { return articleAtStart.ReplaceAllString(s, "$1\u3000\u3000$2") }), "\n"),
			"bold":             join(mapLines(lines, func(s string) string { return articleAtStart.ReplaceAllString(s, "**$1** $2") }), "\n\n"),
			"heading articles": join(mapLines(lines, func(s string) string { return articleAtStart.ReplaceAllString(s, "#### $1 $2") }), "\n\n"),
			"own line":         join(mapLines(lines, func(s string) string { return articleAtStart.ReplaceAllString(s, "$1\n$2") }), "\n"),
			"html":             join(mapLines(lines, func(s string) string { return "<p style=\"text-indent:2em\">" + s + "</p>" }), "\n"),
			"spread":           join(mapLines(lines, func(s string) string { return spread_(s) }), "\n"),
			"one line":         join(lines, " "),
			"one line, no gap": join(lines, ""),
			"one line wide":    join(lines, "\u3000\u3000"),
			"cut 30 blank":     join(wrap(lines, 30, ""), "\n"),
			"cut 38":           join(wrap(lines, 38, ""), "\n"),
			"cut 40":           join(wrap(lines, 40, ""), "\n"),
			"cut 25 indented":  join(wrap(lines, 25, "　　"), "\n"),
			"cut 38 indented":  join(wrap(lines, 38, "　　"), "\n"),
			"cut page 76":      join(wrapCells(lines, 76), "\n"),
			"cut page 60":      join(wrapCells(mapLines(lines, func(s string) string { return "　　" + s }), 60), "\n"),
			"cut, airy":        join(wrap(lines, 35, ""), "\n\n"),
		}
		for _, n := range []int{28, 30, 33, 36, 38, 40, 45} {
			variants[fmt.Sprintf("cut %d, blank between", n)] = cutBetween(lines, n)
		}
		if len(contents) > 1 && !hasContents {
			variants["contents"] = join(withContents(lines, append([]string{"目　录"}, contents...)), "\n")
			variants["contents, no word"] = join(withContents(lines, contents), "\n")
			variants["contents with pages"] = join(withContents(lines, append([]string{"目录"}, leaders...)), "\n")
			variants["contents, one line"] = join(withContents(lines, append([]string{"目录"}, contents...)), " ")
		}
		if strings.Contains(rows(base), "|heading|") {
			delete(variants, "one line, no gap") // nothing is left that shows the heading
		}
		for variant, text := range variants {
			for _, f := range []Format{Text, Markdown} {
				if variant == "bold" || variant == "heading articles" {
					f = Markdown
				}
				compareArticles(t, fmt.Sprintf("%s, %s, %s", filepath.Base(name), variant, f), text, Parse(text, f), keys, texts, nil)
			}
		}
		text := arabic(join(lines, "\n"))
		compareArticles(t, filepath.Base(name)+", arabic", text, Parse(text, Text), keys, texts, arabic)
	}
}

// spread_ puts spaces into the number of an article: 第 十 条.
func spread_(s string) string {
	m := articleAtStart.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return strings.Join(strings.Split(m[1], ""), " ") + " " + m[2]
}

func cutBetween(lines []string, n int) string {
	var b strings.Builder
	for _, s := range lines {
		b.WriteString(strings.Join(wrap([]string{s}, n, ""), "\n") + "\n\n")
	}
	return b.String()
}

func compareArticles(t *testing.T, what, source string, o Outline, keys []string, texts map[string]string, change func(string) string) {
	t.Helper()
	if lost := Lost(source, o); lost != "" {
		t.Errorf("%s: %s", what, lost)
	}
	gotKeys, got := articles(o)
	if strings.Join(gotKeys, " ") != strings.Join(keys, " ") {
		t.Errorf("%s: articles differ: %s", what, firstDifference(keys, gotKeys))
		return
	}
	bad := 0
	for _, k := range keys {
		want := texts[k]
		if change != nil {
			want = change(want)
		}
		if got[k] != want {
			if bad++; bad < 3 {
				t.Errorf("%s: %s: %s", what, k, difference(want, got[k]))
			}
		}
	}
}

func firstDifference(want, got []string) string {
	for i := range want {
		if i >= len(got) || want[i] != got[i] {
			return fmt.Sprintf("want %v, got %v", want[i:min(i+4, len(want))], got[min(i, len(got)):min(i+4, len(got))])
		}
	}
	return fmt.Sprintf("got more: %v", got[len(want):])
}
