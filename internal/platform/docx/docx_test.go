package docx_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"guangyi/internal/platform/docx"
)

func read(t testing.TB, path string) docx.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := docx.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return d
}

func fixture(t testing.TB, name string) docx.Document {
	return read(t, filepath.Join("testdata", name))
}

func TestWhatAWordProcessorShowsIsRead(t *testing.T) {
	for name, want := range map[string]string{
		"mammoth-text-box.docx":                   "Datum plane\n",
		"mammoth-footnotes.docx":                  "Ouch[1].[2]\n[1] A tachyon walks into a bar.\n[2] Fin.\n",
		"docxrs-bom.docx":                         "Hello\n",
		"docxrs-del_in_ins.docx":                  "Hello “EWold\n",
		"docxrs-paragraph_property_change.docx":   "秘密情報の象とす\n",
		"oxpt-002-DeletedNumberedParagraphs.docx": "This is text before.\nThis is text after.\n",
	} {
		if got := fixture(t, name).Text(); got != want {
			t.Errorf("%s reads %q, want %q", name, got, want)
		}
	}
}

func TestAMovedParagraphIsReadOnceWhereItWent(t *testing.T) {
	d := fixture(t, "oxpt-014-MovedParagraph.docx")
	if strings.Count(d.Text(), "You can also type") != 1 || !strings.HasPrefix(d.Paragraphs[1].Text, "You can also type") {
		t.Errorf("read as %q", d.Text())
	}
}

func TestTrackedInsertionsAreInAndDeletionsOut(t *testing.T) {
	text := fixture(t, "poi-delins.docx").Text()
	for _, want := range []string{"the subcommentaries of the Theravada tradition", "Apache Tika 0.3 has been released."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(text, "HYPERLINK") {
		t.Error("a field's code is read as text")
	}
}

func TestControlsCellsAndNotesAreRead(t *testing.T) {
	d := fixture(t, "poi-Bug54849.docx")
	for _, want := range []string{"Rich_text_cell1", "Watermelon", "Plain_text_with_newlines1\nplain_text_with_newlines2"} {
		if !strings.Contains(d.Text(), want) {
			t.Errorf("%q is missing in %q", want, d.Text())
		}
	}
}

func TestATableIsARowALine(t *testing.T) {
	d := fixture(t, "cn-种子法授权决定.docx")
	rows := 0
	for _, p := range d.Paragraphs {
		if p.Where == docx.Table {
			rows++
			if strings.Count(p.Text, "\t") != 1 {
				t.Errorf("the row %q", p.Text)
			}
		}
	}
	if rows != 2 {
		t.Errorf("%d rows", rows)
	}
}

// article and chapter begin such a paragraph of the body.
var (
	article = regexp.MustCompile(`^第([零〇○一二三四五六七八九十百千]+)条(?:之[一二三四五六七八九十]+)?`)
	chapter = regexp.MustCompile(`^第[零〇○一二三四五六七八九十百]+章`)
)

// outline counts as truth.csv does: no tables, no tables of contents.
func outline(d docx.Document) (chapters int, articles []string) {
	for i, p := range d.Paragraphs {
		line := strings.TrimFunc(p.Text, unicode.IsSpace)
		if p.Number != "" {
			line = strings.TrimSpace(p.Number + " " + line)
		}
		if p.Where != docx.Body {
			continue
		}
		if article.MatchString(line) {
			articles = append(articles, line)
		}
		if chapter.MatchString(line) && followed(d.Paragraphs[i+1:]) {
			chapters++
		}
	}
	return chapters, articles
}

// followed reports that what comes next is no heading of another chapter, as it is
// in a table of contents.
func followed(rest []docx.Paragraph) bool {
	for _, p := range rest {
		line := strings.TrimSpace(p.Number + p.Text)
		return !chapter.MatchString(line)
	}
	return false
}

func TestAutomaticNumbersAreThoseThatAreShown(t *testing.T) {
	for name, want := range map[string][2]int{"公平竞争审查条例.auto.docx": {5, 27}, "重大行政决策程序暂行条例.split.lo.docx": {6, 44}} {
		chapters, articles := outline(fixture(t, name))
		if chapters != want[0] || len(articles) != want[1] {
			t.Errorf("%s: %d chapters, %d articles, want %v", name, chapters, len(articles), want)
			continue
		}
		if !strings.HasPrefix(articles[1], "第二条 ") || !strings.HasPrefix(articles[20], "第二十一条 ") {
			t.Errorf("%s: %q, %q", name, articles[1], articles[20])
		}
	}
}

// TestRealDocumentsAreReadAsAnotherReaderReadThem holds the whole collection, where
// it stands beside the repository, against its list of right answers.
func TestRealDocumentsAreReadAsAnotherReaderReadThem(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "..", "shared", "data", "docx")
	f, err := os.Open(filepath.Join(folder, "truth.csv"))
	if os.IsNotExist(err) {
		return // the fixtures above stand for it
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if strings.HasSuffix(row[0], ".odt") {
			continue
		}
		_, articles := outline(read(t, filepath.Join(folder, row[0])))
		if want, _ := strconv.Atoi(row[2]); len(articles) != want {
			t.Errorf("%s: %d articles, want %d", row[0], len(articles), want)
			continue
		}
		if len(articles) == 0 {
			continue
		}
		for i, at := range map[int]string{3: articles[0], 4: articles[len(articles)-1]} {
			if got, want := squeeze(at), squeeze(row[i]); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", row[0], got, want)
			}
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
