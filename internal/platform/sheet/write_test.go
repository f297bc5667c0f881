package sheet

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func written(t interface{ Fatal(...any) }, format Format, columns []string, rows [][]any) []byte {
	var out bytes.Buffer
	w, err := NewWriter(&out, format, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cellGen makes texts that are hard on tables.
func cellGen() *rapid.Generator[string] {
	hard := rapid.SampledFrom([]string{"=1+1", " @x", "\t-2", "\r\n", `"`, `""`, ",", ";", "'", "_x000D_", "意见", "𠮷", "\u3000＝", " ", "a\nb", "<&>", "\x0b"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(hard, rapid.StringN(0, 5, -1)), 0, 4).Draw(t, "parts"), "")
	}).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	expected := map[Format]func(string) string{CSV: Guard, XLSX: Printable}
	for format, want := range expected {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				texts := rapid.SliceOfN(cellGen(), 1, 6).Draw(t, "texts")
				rows := make([][]any, len(texts))
				for i, text := range texts {
					rows[i] = []any{"id", text}
				}
				r, err := NewReader(bytes.NewReader(written(t, format, []string{"id", "text"}, rows)), "x."+string(format), Limits{})
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				for _, text := range texts {
					row, err := r.Next()
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want(text), row.Value("text")); diff != "" {
						t.Fatalf("%q comes back changed: %s", text, diff)
					}
				}
			})
		})
	}
	t.Run("json", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			text := cellGen().Draw(t, "text")
			var got []map[string]any
			if err := json.Unmarshal(written(t, JSON, []string{"text", "n"}, [][]any{{text, 7}}), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]map[string]any{{"text": text, "n": 7.0}}, got); diff != "" {
				t.Fatal(diff)
			}
		})
	})
}

// formula is the rule as the interface states it.
var formula = regexp.MustCompile(`^\s*[=+\-@\t\r]`)

func TestNoCSVCellRunsAsAFormula(t *testing.T) {
	for _, text := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "\n=1", "\u3000=1", "\u00a0+1", "\ufeff=1", "＝1", "＋1", "－1", "＠x", "\u200b=1"} {
		if got := Guard(text); got != "'"+text {
			t.Errorf("Guard(%q) = %q", text, got)
		}
	}
	for _, text := range []string{"", "a=1", "1-2", "'=1", "\nx", " x", "（一）", "——"} {
		if got := Guard(text); got != text {
			t.Errorf("Guard(%q) = %q, want it unchanged", text, got)
		}
	}
}

func FuzzGuard(f *testing.F) {
	f.Add(" \t=cmd")
	f.Add("\u3000\ufeff＝1")
	f.Fuzz(func(t *testing.T, text string) {
		got := Guard(text)
		if formula.MatchString(got) || got != text && got != "'"+text {
			t.Errorf("Guard(%q) = %q", text, got)
		}
		var out bytes.Buffer
		w, _ := NewWriter(&out, CSV, []string{"a", "b"})
		if err := w.Write(text, text); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		cells := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
		rows, err := cells.ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 2 || formula.MatchString(rows[1][1]) {
			t.Errorf("another reader sees %q, error %v", rows, err)
		}
	})
}

func TestValuesKeepTheirKind(t *testing.T) {
	at := time.Date(2026, 5, 1, 9, 30, 0, 0, time.FixedZone("", 8*3600))
	columns := []string{"text", "count", "yes", "at", "none", "list"}
	row := []any{"=1+1", 12, true, at, nil, []string{"art-1", "art-2"}}
	if diff := cmp.Diff("\ufefftext,count,yes,at,none,list\r\n'=1+1,12,true,2026-05-01T09:30:00+08:00,,\"[\"\"art-1\"\",\"\"art-2\"\"]\"\r\n",
		string(written(t, CSV, columns, [][]any{row}))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("[\n{\"text\":\"=1+1\",\"count\":12,\"yes\":true,\"at\":\"2026-05-01T09:30:00+08:00\",\"none\":null,\"list\":[\"art-1\",\"art-2\"]}\n]\n",
		string(written(t, JSON, columns, [][]any{row}))); diff != "" {
		t.Error(diff)
	}
	book, err := excelize.OpenReader(bytes.NewReader(written(t, XLSX, columns, [][]any{row})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeBool, "D2": excelize.CellTypeInlineString} {
		if got, err := book.GetCellType("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s has type %v, want %v (%v)", cell, got, want, err)
		}
	}
	if formula, err := book.GetCellFormula("Sheet1", "A2"); err != nil || formula != "" {
		t.Errorf("A2 became the formula %q (%v)", formula, err)
	}
}

func TestAnEmptyTable(t *testing.T) {
	if got := string(written(t, JSON, []string{"a"}, nil)); got != "[]\n" {
		t.Errorf("JSON %q", got)
	}
	if got := string(written(t, CSV, []string{"a"}, nil)); got != "\ufeffa\r\n" {
		t.Errorf("CSV %q", got)
	}
}

func TestATextTooLongForACellSaysWhatIsMissing(t *testing.T) {
	for _, char := range []string{"意", "𠮷"} {
		text := strings.Repeat(char, 100000)
		r, err := NewReader(bytes.NewReader(written(t, XLSX, []string{"text"}, [][]any{{text}, {strings.Repeat("x", cellUnits)}})), "a.xlsx", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		kept, mark, ok := strings.Cut(row.Values[0], "…")
		if want := fmt.Sprintf("[+%d]", 100000-utf8.RuneCountInString(kept)); !ok || mark != want || kept != strings.Repeat(char, utf8.RuneCountInString(kept)) {
			t.Errorf("the cell ends with %q, want %q", mark, want)
		}
		if row, err = r.Next(); err != nil || len(row.Values[0]) != cellUnits {
			t.Errorf("a text that just fits: %d characters, %v", len(row.Values[0]), err)
		}
	}
}

func TestATableLongerThanASheetGoesOnInTheNext(t *testing.T) {
	var out bytes.Buffer
	e, err := newXLSXEncoder(&out, []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	e.longest = 4
	for i := range 7 {
		if err := e.row([]any{i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.end(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var got [][][]string
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rows)
	}
	want := [][][]string{{{"n"}, {"0"}, {"1"}, {"2"}}, {{"n"}, {"3"}, {"4"}, {"5"}}, {{"n"}, {"6"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARowOfAnotherLengthIsAnError(t *testing.T) {
	w, err := NewWriter(&bytes.Buffer{}, CSV, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	if w.Write("only one") == nil {
		t.Error("one value went into two columns")
	}
}
