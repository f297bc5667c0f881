package filetext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestMain lets the test binary be the process that reads one file. It knows kinds
// of files that hang, break and want all the memory.
func TestMain(m *testing.M) {
	if !IsChild() {
		os.Exit(m.Run())
	}
	switch kind := os.Args[len(os.Args)-1]; kind {
	case "test/hang":
		select {}
	case "test/break":
		panic("broken")
	case "test/talk":
		for {
			_, _ = os.Stdout.Write(bytes.Repeat([]byte{'x'}, 1<<16))
		}
	case "test/hungry":
		bound(usualMemory)
		var all [][]byte
		for {
			b := make([]byte, 64<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
			_ = all
		}
	case "test/curious":
		_, _ = os.Stdout.WriteString(`{"Text":"` + strings.Join(os.Environ(), " ") + `"}`)
	default:
		os.Exit(Main(kind, os.Stdin, os.Stdout))
	}
}

func child() Child { return Child{Command: []string{os.Args[0]}} }

var ctx = context.Background()

func TestAFileThatHangsBreaksOrWantsEverythingHurtsNobody(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://a:secret@b/c")
	hasty := child()
	hasty.Time = 200 * time.Millisecond
	for kind, c := range map[string]Child{"test/hang": hasty, "test/break": child(), "test/talk": child(), "test/hungry": child()} {
		if text, err := c.Read(ctx, kind, []byte("x")); !errors.Is(err, ErrStopped) || text.Text != "" {
			t.Errorf("%s: %q, %v", kind, text.Text, err)
		}
	}
	if text, err := child().Read(ctx, "test/curious", nil); err != nil || strings.Contains(text.Text, "secret") {
		t.Errorf("the process knows %q, %v", text.Text, err)
	}
	if text, err := child().Read(ctx, "text/plain; charset=utf-8", []byte("after all that")); err != nil || text.Text != "after all that" {
		t.Errorf("%q, %v", text.Text, err)
	}
}

func TestTheProcessSaysWhyThereIsNoText(t *testing.T) {
	for kind, want := range map[string]error{"image/png": ErrUnknown, word: ErrUnusable, "application/pdf": ErrUnusable, sheet: ErrUnusable, openDoc: ErrUnusable} {
		if _, err := child().Read(ctx, kind, []byte("no such file")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", kind, err, want)
		}
	}
}

func TestTextComesOutOfEveryKind(t *testing.T) {
	book := excelize.NewFile()
	for cell, value := range map[string]string{"A1": "条款", "B1": "建议", "A2": "第七条", "B2": "延长开放时间"} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var table bytes.Buffer
	if err := book.Write(&table); err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(filepath.Join("..", "docx", "testdata", "mammoth-footnotes.docx"))
	if err != nil {
		t.Fatal(err)
	}
	printed, err := os.ReadFile(filepath.Join("..", "pdf", "testdata", "libreoffice.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	open := packed(t, "content.xml", `<office:document-content><office:body><office:text>
		<text:tracked-changes><text:changed-region><text:deletion><text:p>旧文</text:p></text:deletion></text:changed-region></text:tracked-changes>
		<text:h>意见</text:h><text:p>第七条<text:s text:c="2"/>改为<text:span>每日</text:span>。<text:line-break/>完</text:p>
		<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>
		</office:text></office:body></office:document-content>`)
	for _, c := range []struct {
		kind string
		data []byte
		want string
	}{
		{sheet, table.Bytes(), "条款\t建议\n第七条\t延长开放时间"},
		{word, document, "Ouch[1].[2]\n[1] A tachyon walks into a bar.\n[2] Fin."},
		{openDoc, open, "意见\n第七条  改为每日。\n完\n甲 \t乙"},
		{"text/plain; charset=utf-8", []byte("\ufeff一\r\n\r\n\r\n二\x07\x00 \n"), "一\n\n二"},
		{"text/plain; charset=gb18030", []byte("\xd2\xe2\xbc\xfb"), "意见"},
		{"text/markdown; charset=utf-8", []byte("# 标题\n"), "# 标题"},
	} {
		got, err := child().Read(ctx, c.kind, c.data)
		if err != nil || got.Text != c.want || got.Cut {
			t.Errorf("%s: %q, cut %v, %v, want %q", c.kind, got.Text, got.Cut, err, c.want)
		}
	}
	if got, err := child().Read(ctx, "application/pdf", printed); err != nil || !strings.Contains(got.Text, "十二小时") {
		t.Errorf("PDF: %q, %v", got.Text, err)
	}
}

func packed(t testing.TB, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestALongTextIsCutBetweenCharacters(t *testing.T) {
	got, err := Read("text/plain; charset=utf-8", []byte("a"+strings.Repeat("字", Most/3+10)))
	if err != nil || !got.Cut || len(got.Text) > Most || !strings.HasSuffix(got.Text, "字") {
		t.Errorf("cut %v, %d bytes, %v", got.Cut, len(got.Text), err)
	}
}

func TestABombOfATableOrOpenDocumentIsRefusedOrCut(t *testing.T) {
	spaces := strings.Repeat(" ", mostUnpacked+1)
	if _, err := Read(sheet, packed(t, "xl/worksheets/sheet1.xml", spaces)); !errors.Is(err, ErrUnusable) {
		t.Errorf("a table: %v", err)
	}
	got, err := Read(openDoc, packed(t, "content.xml", "<a>"+spaces))
	if err != nil || !got.Cut || got.Text != "" {
		t.Errorf("OpenDocument: cut %v, %d bytes, %v", got.Cut, len(got.Text), err)
	}
	_, err = Read(openDoc, packed(t, "content.xml", strings.Repeat("<a>", 5000)))
	if !errors.Is(err, ErrUnusable) {
		t.Errorf("deep OpenDocument: %v", err)
	}
}
