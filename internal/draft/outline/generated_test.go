package outline

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A made law: the tree is known, and the text is written in a style drawn at
// random; reading it must give the tree back.

type madeParagraph struct {
	text  string
	items []string
}

type madeArticle struct {
	number, sub int
	paragraphs  []madeParagraph
}

type madeChapter struct {
	heading  string
	articles []madeArticle
}

var (
	subjects  = []string{"经营者", "县级以上人民政府", "市场监督管理部门", "本条例所称的单位", "公民、法人和其他组织", "违反本法第三条规定的当事人", "国家机关及其工作人员"}
	verbs     = []string{"应当遵守法律和商业道德", "不得从事第二十条第一款所列的活动", "依照本法第五条、第六条的规定处理", "可以自收到通知之日起十五日内提出申请", "负责监督管理工作"}
	ends      = []string{"", "，并向社会公布", "；情节严重的，处一万元以上五万元以下罚款", "，法律另有规定的除外"}
	itemWords = []string{"提供虚假材料", "违反前款规定", "拒不改正第四条所列的行为", "其他情形", "未按照规定公开信息，造成严重后果"}
	headings  = []string{"总则", "监督管理", "法律责任", "公众参与", "附则", "决策 程序"}
)

func madeSentence(t *rapid.T, name string) string {
	return rapid.SampledFrom(subjects).Draw(t, name+" subject") + rapid.SampledFrom(verbs).Draw(t, name+" verb") + rapid.SampledFrom(ends).Draw(t, name+" end")
}

func madeLaw(t *rapid.T) []madeChapter {
	var law []madeChapter
	number, inserted := 0, 0
	for range rapid.IntRange(1, 4).Draw(t, "chapters") {
		c := madeChapter{heading: rapid.SampledFrom(headings).Draw(t, "heading")}
		for range rapid.IntRange(1, 5).Draw(t, "articles") {
			if number > 0 && rapid.IntRange(0, 9).Draw(t, "inserted") == 0 {
				inserted++
			} else {
				number, inserted = number+1, 0
			}
			a := madeArticle{number: number, sub: inserted}
			for range rapid.IntRange(1, 3).Draw(t, "paragraphs") {
				p := madeParagraph{text: madeSentence(t, "text") + "。"}
				if n := rapid.IntRange(0, 12).Draw(t, "items"); n > 1 && n < 12 {
					p.text = madeSentence(t, "lead") + "，有下列情形之一的："
					for i := range n {
						end := "；"
						if i == n-1 {
							end = "。"
						}
						p.items = append(p.items, rapid.SampledFrom(itemWords).Draw(t, "item")+end)
					}
				}
				a.paragraphs = append(a.paragraphs, p)
			}
			c.articles = append(c.articles, a)
		}
		law = append(law, c)
	}
	return law
}

// madeStyle is how a law is written.
type madeStyle struct {
	digits   func(int) string
	space    string // after the number of an article
	between  string // paragraphs
	indent   string
	marks    bool
	contents bool
	inline   bool // items in the line of their paragraph
	width    int  // 0 for lines that are not cut
}

func drawStyle(t *rapid.T) madeStyle {
	s := madeStyle{
		digits:   rapid.SampledFrom([]func(int) string{chinese, func(n int) string { return fmt.Sprint(n) }, func(n int) string { return fmt.Sprintf(" %d ", n) }}).Draw(t, "digits"),
		space:    rapid.SampledFrom([]string{" ", "　", "　　", "\t"}).Draw(t, "space"),
		between:  rapid.SampledFrom([]string{"\n", "\n\n", "\r\n", "\r\n\r\n", "\n　\n"}).Draw(t, "between"),
		indent:   rapid.SampledFrom([]string{"", "　　", "    "}).Draw(t, "indent"),
		marks:    rapid.Bool().Draw(t, "marks"),
		contents: rapid.Bool().Draw(t, "contents"),
		inline:   rapid.Bool().Draw(t, "inline"),
	}
	// A cut may go through the number of an item, which no reader can mend. And
	// where lines are cut, blank lines or white space must show the paragraphs.
	if strings.Count(s.between, "\n") > 1 && !s.inline {
		s.width = rapid.SampledFrom([]int{0, 20, 30, 38}).Draw(t, "width")
	}
	return s
}

// write gives the text of the law and the rows that reading it must give.
func (s madeStyle) write(law []madeChapter) (source string, want []string) {
	var lines []string
	var contents []string
	body := func(text string) {
		r := []rune(s.indent + text)
		var cut []string
		for s.width > 0 && len(r) > s.width {
			cut = append(cut, string(r[:s.width]))
			r = r[s.width:]
		}
		lines = append(lines, strings.Join(append(cut, string(r)), "\n"))
	}
	row := func(key string, kind Kind, parts ...string) {
		want = append(want, key+" "+string(kind)+" "+squash(strings.Join(parts, "")))
	}
	for i, c := range law {
		number := "第" + s.digits(i+1) + "章"
		head := number + "　" + c.heading
		contents = append(contents, head)
		if s.marks {
			lines = append(lines, "## "+head)
		} else {
			lines = append(lines, head)
		}
		row(fmt.Sprintf("ch-%d", i+1), KindChapter, number, c.heading)
		for _, a := range c.articles {
			key, label := fmt.Sprintf("art-%d", a.number), "第"+s.digits(a.number)+"条"
			if a.sub > 0 {
				key, label = fmt.Sprintf("%s-%d", key, a.sub), label+"之"+chinese(a.sub)
			}
			for j, p := range a.paragraphs {
				owner, text := key, p.text
				if j == 0 {
					row(key, KindArticle, label, p.text)
					text = label + s.space + p.text
				} else {
					owner = fmt.Sprintf("%s-p%d", key, j+1)
					row(owner, KindParagraph, p.text)
				}
				for k, item := range p.items {
					row(fmt.Sprintf("%s-i%d", owner, k+1), KindItem, "（"+chinese(k+1)+"）", item)
				}
				s.paragraph(body, text, p.items)
			}
		}
	}
	top := []string{"某某市管理条例"}
	if s.contents && len(contents) > 1 {
		top = append(append(top, "目　　录"), contents...)
	}
	return strings.Join(append(top, lines...), s.between), want
}

func (s madeStyle) paragraph(body func(string), text string, items []string) {
	for k, item := range items {
		item = "（" + chinese(k+1) + "）" + item
		if s.inline {
			text += item
			continue
		}
		body(text)
		text = item
	}
	body(text)
}

func TestAMadeLawIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		law := madeLaw(t)
		style := drawStyle(t)
		source, want := style.write(law)
		format := Text
		if style.marks {
			format = Markdown
		}
		o := Parse(source, format)
		sound(t, source, o)
		var got []string
		for _, p := range o.Provisions {
			got = append(got, p.Key+" "+string(p.Kind)+" "+squash(p.Number+p.Heading+p.Text))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("source\n%s\n\ngot\n%s\n\nwant\n%s", source, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
