package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// outcome is what a file gives: rows as "line: value|value", refusals as their text.
type outcome struct{ Rows, Refused []string }

func readAll(t testing.TB, name, content string, limits Limits) (outcome, error) {
	t.Helper()
	r, err := NewReader(strings.NewReader(content), name, limits)
	if err != nil {
		return outcome{}, err
	}
	defer r.Close()
	var got outcome
	err = All(r, func(row Row) error {
		got.Rows = append(got.Rows, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Values, "|")))
		return nil
	}, func(bad *RowError) error {
		got.Refused = append(got.Refused, bad.Error())
		return nil
	})
	return got, err
}

func TestCSVAsProgramsWriteIt(t *testing.T) {
	cases := map[string]struct {
		content string
		want    outcome
	}{
		"mark, trimmed names, last line without end": {
			"\ufeff text , channel\n你好,web\n再见,letter",
			outcome{Rows: []string{"2: 你好|web", "3: 再见|letter"}}},
		"line ends inside a cell stay and count": {
			"a,b\r\n\"one\r\ntwo\nthree\",x\r\nlast,y\r\n",
			outcome{Rows: []string{"2: one\r\ntwo\nthree|x", "5: last|y"}}},
		"doubled marks, marks in mid-cell, space behind the closing mark": {
			"a,b\n\"say \"\"hi\"\"\",5\" pipe\n\"x\" ,y\n",
			outcome{Rows: []string{`2: say "hi"|5" pipe`, "3: x|y"}}},
		"semicolons":            {"a;b\n1,5;2\n", outcome{Rows: []string{"2: 1,5|2"}}},
		"tabs":                  {"a\tb\n1,5\t2\n", outcome{Rows: []string{"2: 1,5|2"}}},
		"the separator is told": {"sep=;\na,x;b\n1;2\n", outcome{Rows: []string{"3: 1|2"}}},
		"old Macintosh":         {"a,b\r1,2\r3,4", outcome{Rows: []string{"2: 1|2", "3: 3|4"}}},
		"blank rows are passed over, short rows filled": {
			"\n\na,b\n,\n\n1\n", outcome{Rows: []string{"6: 1|"}}},
		"a column without a name is not read": {
			",a\n0,x\n1,y\n", outcome{Rows: []string{"2: x", "3: y"}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(t, "in.csv", c.content, Limits{})
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestABadCSVRowIsReportedAndTheRestGoesIn(t *testing.T) {
	cases := map[string]struct {
		content string
		limits  Limits
		want    outcome
	}{
		"a mark that is never closed": {
			"a,b\n1,\"open\n2,two\n3,three\n", Limits{},
			outcome{[]string{"3: 2|two", "4: 3|three"},
				[]string{"line 2, column 2 (b): a quotation mark is not closed, or text follows the closing one"}}},
		"text behind a closing mark": {
			"a,b\n\"x\"y,1\n2,two\n", Limits{},
			outcome{[]string{"3: 2|two"},
				[]string{"line 2, column 1 (a): a quotation mark is not closed, or text follows the closing one"}}},
		"too many cells": {
			"a,b\n1,2,3\n4,5,\n", Limits{},
			outcome{[]string{"3: 4|5"}, []string{"line 2, column 3: more cells than column names"}}},
		"bytes that are no text": {
			"a,b\n中文中文中文中文,\xff\n意见,ok\n", Limits{},
			outcome{[]string{"3: 意见|ok"}, []string{"line 2, column 2 (b): bytes that are not text"}}},
		"NUL": {
			"a,b\nx\x00,1\ny,2\n", Limits{},
			outcome{[]string{"3: y|2"}, []string{"line 2, column 1 (a): a NUL character"}}},
		"a line past the limit": {
			"a,b\n" + strings.Repeat("x", 300) + ",1\ny,2\n", Limits{RowBytes: 200},
			outcome{[]string{"3: y|2"}, []string{"line 2, column 1 (a): the row is too long"}}},
		"a quoted cell past the limit": {
			"a,b\n\"" + strings.Repeat("x\n", 150) + "\",1\ny,2\n", Limits{RowBytes: 200},
			outcome{nil, nil}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(t, "in.csv", c.content, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			if name == "a quoted cell past the limit" {
				if got.Refused[0] != "line 2, column 1 (a): the row is too long" || got.Rows[len(got.Rows)-1] != "153: y|2" {
					t.Errorf("refused %q, last row %q", got.Refused[0], got.Rows[len(got.Rows)-1])
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("difference (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCSVInOtherEncodings(t *testing.T) {
	text := "意见,渠道\n建议第三条增加“网络”二字。,来信\n不同意𠮷,web\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := outcome{Rows: []string{"2: 建议第三条增加“网络”二字。|来信", "3: 不同意𠮷|web"}}
	late := outcome{}
	for i := range 30000 {
		late.Rows = append(late.Rows, fmt.Sprintf("%d: plain|web", i+2))
	}
	late.Rows = append(late.Rows, "30002: 意见|web")
	lateGB, _ := simplifiedchinese.GB18030.NewEncoder().String("意见,web\n")
	for name, c := range map[string]struct {
		content string
		want    outcome
	}{
		"UTF-8": {text, want}, "GB18030": {gb, want}, "UTF-16 of Excel": {wide, want},
		"GB18030 that shows only at the end": {"a,b\n" + strings.Repeat("plain,web\n", 30000) + lateGB, late},
		"GB18030 with one broken byte": {gb + "\xff,x\n", outcome{want.Rows,
			[]string{"line 4, column 1 (意见): bytes that are not text"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(t, "in.csv", c.content, Limits{})
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		file, content string
		want          error
	}{
		"nothing":             {"a.csv", "", ErrEmpty},
		"only blank lines":    {"a.csv", "\n \n,\n", ErrEmpty},
		"old Excel":           {"a.csv", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ErrOldExcel},
		"a picture":           {"a", "\x89PNG\x00\x00", ErrFormat},
		"no XLSX":             {"a.xlsx", "a,b\n", ErrDamaged},
		"half an archive":     {"a.xlsx", "PK\x03\x04abc", ErrDamaged},
		"too many columns":    {"a.csv", strings.Join(strings.Split(strings.Repeat("x", 30), ""), "1,") + "\n", nil},
		"larger than allowed": {"a.csv", strings.Repeat("a,b\n", 1000), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(c.content), c.file, Limits{FileBytes: 3000})
			if c.want == nil {
				var bad *RowError
				if !errors.As(err, &bad) || bad.Reason != Duplicate || bad.Column != 2 {
					t.Errorf("a name twice: error %v", err)
				}
				return
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// FuzzCSV: whatever the bytes, the reader ends, counts its lines upwards and
// never gives more or fewer values than names.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;b\n\"x\n", "\ufeff\"a\"\r\n\"\"\"\"", "sep=\t\na\tb\n", "a\n\"b\"c\n\xff\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { exercise(t, "in.csv", string(content)) })
}

func exercise(t *testing.T, name, content string) {
	r, err := NewReader(strings.NewReader(content), name, Limits{RowBytes: 1 << 10})
	if err != nil {
		return
	}
	defer r.Close()
	line := 0
	for range 2*len(content) + 2 {
		row, err := r.Next()
		if err == io.EOF {
			return
		}
		at := row.Line
		var bad *RowError
		if errors.As(err, &bad) {
			at = bad.Line
			if bad.Column < 1 {
				t.Fatalf("no column in %v", bad)
			}
		} else if err != nil {
			t.Fatal(err)
		} else if len(row.Values) != len(row.Columns) || slices.Contains(row.Columns, "") && name == "in.csv" {
			t.Fatalf("%d values under %q", len(row.Values), row.Columns)
		}
		if at <= line {
			t.Fatalf("line %d after line %d", at, line)
		}
		line = at
	}
	t.Fatal("the reader does not end")
}
