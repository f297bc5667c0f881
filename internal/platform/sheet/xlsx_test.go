package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// workbook is a file as a person would make it in a spreadsheet.
func workbook(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	fill(book)
	var out bytes.Buffer
	if _, err := book.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestXLSXAsPeopleMakeIt(t *testing.T) {
	content := workbook(t, func(book *excelize.File) {
		date, _ := book.NewStyle(&excelize.Style{NumFmt: 14})
		for cell, value := range map[string]any{
			"A2": " text ", "B2": "phone", "C2": "day",
			"A3": "一\n二", "B3": 13800138000, "C3": time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC),
			"A5": "last", "D6": "beyond", "A7": "after",
		} {
			if err := book.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
		_ = book.SetCellStyle("Sheet1", "C3", "C3", date)
		_, _ = book.NewSheet("other")
		_ = book.SetCellValue("other", "A1", "never read")
	})
	path := filepath.Join(t.TempDir(), "in.xlsx")
	if err := writeFile(path, content); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff([]string{"text", "phone", "day"}, r.Columns()); diff != "" {
		t.Error(diff)
	}
	got, err := readAll(t, "in", string(content), Limits{})
	want := outcome{[]string{"3: 一\n二|13800138000|2026-05-01", "5: last||", "7: after||"},
		[]string{"line 6, column 4: more cells than column names"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
}

func TestAHiddenSheetIsNotTaken(t *testing.T) {
	content := workbook(t, func(book *excelize.File) {
		_ = book.SetCellValue("Sheet1", "A1", "secret")
		_, _ = book.NewSheet("shown")
		_ = book.SetCellValue("shown", "A1", "text")
		book.SetActiveSheet(1)
		_ = book.SetSheetVisible("Sheet1", false)
	})
	r, err := NewReader(bytes.NewReader(content), "a.xlsx", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff([]string{"text"}, r.Columns()); diff != "" {
		t.Error(diff)
	}
}

// repack changes one part of a workbook.
func repack(t *testing.T, content []byte, part string, change func([]byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range in.File {
		from, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if file.Name == part {
			data = change(data)
		}
		to, _ := w.Create(file.Name)
		_, _ = to.Write(data)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestASheetThatBreaksOffIsNotTakenForAWholeOne(t *testing.T) {
	content := workbook(t, func(book *excelize.File) {
		_ = book.SetSheetCol("Sheet1", "A1", &[]string{"text", "one", "two", "three"})
	})
	broken := repack(t, content, "xl/worksheets/sheet1.xml", func(xml []byte) []byte {
		return xml[:bytes.LastIndex(xml, []byte("<row"))+9]
	})
	if _, err := NewReader(bytes.NewReader(broken), "a.xlsx", Limits{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v, want %v", err, ErrDamaged)
	}
}

func TestAnArchiveThatUnpacksWithoutEndIsRefused(t *testing.T) {
	content := workbook(t, func(book *excelize.File) { _ = book.SetCellValue("Sheet1", "A1", "text") })
	bomb := repack(t, content, "xl/styles.xml", func(xml []byte) []byte {
		return append(xml, bytes.Repeat([]byte(" "), 8<<20)...)
	})
	if len(bomb) > 64<<10 {
		t.Fatalf("the archive has %d bytes: no bomb", len(bomb))
	}
	if _, err := NewReader(bytes.NewReader(bomb), "a.xlsx", Limits{UnpackedBytes: 4 << 20}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want %v", err, ErrTooLarge)
	}
}

func TestAnXLSXUnderAnotherNameIsRecognised(t *testing.T) {
	content := workbook(t, func(book *excelize.File) { _ = book.SetCellValue("Sheet1", "A1", "text") })
	r, err := NewReader(bytes.NewReader(content), "upload.csv", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := strings.Join(r.Columns(), ","); got != "text" {
		t.Errorf("columns %q", got)
	}
}
