package docx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"guangyi/internal/platform/docx"
)

// pack makes a document of the given parts.
func pack(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func body(text string) string {
	return `<w:document xmlns:w="w"><w:body>` + text + `</w:body></w:document>`
}

func open(data []byte) (docx.Document, error) {
	return docx.Read(bytes.NewReader(data), int64(len(data)))
}

func TestABombIsRefusedBeforeItFillsTheMemory(t *testing.T) {
	spaces := strings.Repeat(" ", docx.MostBytes+1)
	for name, text := range map[string]string{
		"white space":  body(spaces),
		"attribute":    `<w:document xmlns:w="w" x="` + spaces + `"/>`,
		"many of them": body(strings.Repeat("<w:p/>", docx.MostBytes/6)),
	} {
		if _, err := open(pack(t, map[string]string{"word/document.xml": text})); !errors.Is(err, docx.ErrLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	small := strings.Repeat(" ", docx.MostBytes/2)
	together := map[string]string{
		"word/document.xml":            body(small),
		"word/_rels/document.xml.rels": `<R><Relationship Type="x/styles" Target="styles.xml"/></R>`,
		"word/styles.xml":              "<styles>" + small + "</styles>",
	}
	if _, err := open(pack(t, together)); !errors.Is(err, docx.ErrLarge) {
		t.Errorf("two parts together: %v", err)
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	deep := strings.Repeat("<w:tbl><w:tr><w:tc>", 5000)
	if _, err := open(pack(t, map[string]string{"word/document.xml": "<w:document>" + deep})); !errors.Is(err, docx.ErrDeep) {
		t.Errorf("%v", err)
	}
}

func TestALongTextIsCutAndSaysSo(t *testing.T) {
	line := "<w:p><w:r><w:t>" + strings.Repeat("字", 1000) + "</w:t></w:r></w:p>"
	d, err := open(pack(t, map[string]string{"word/document.xml": body(strings.Repeat(line, docx.MostText/3000+10))}))
	if err != nil || !d.Cut || len(d.Text()) > docx.MostText+docx.MostText/100 {
		t.Errorf("cut %v, %d bytes, %v", d.Cut, len(d.Text()), err)
	}
}

func TestNothingOutsideTheFileIsOpened(t *testing.T) {
	parts := map[string]string{
		"_rels/.rels": `<R><Relationship Type="x/officeDocument" Target="file:///etc/passwd" TargetMode="External"/>
			<Relationship Type="x/officeDocument" Target="../../../../etc/passwd"/></R>`,
		"word/document.xml": `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + body("<w:p><w:r><w:t>a&x;</w:t></w:r></w:p>"),
	}
	d, err := open(pack(t, parts))
	if err == nil && strings.Contains(d.Text(), "root:") {
		t.Fatal("a file of the machine was read")
	}
	if !errors.Is(err, docx.ErrNot) {
		t.Errorf("%v", err)
	}
}

func TestStylesInACircleEnd(t *testing.T) {
	parts := map[string]string{
		"word/_rels/document.xml.rels": `<R><Relationship Type="x/styles" Target="styles.xml"/></R>`,
		"word/styles.xml": `<styles><style styleId="a"><name val="a"/><basedOn val="b"/></style>` +
			`<style styleId="b"><name val="b"/><basedOn val="a"/></style></styles>`,
		"word/document.xml": body(`<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>`),
	}
	if d, err := open(pack(t, parts)); err != nil || d.Text() != "x\n" {
		t.Errorf("%q, %v", d.Text(), err)
	}
}

func TestWhatIsNoDocumentIsSaidToBeNone(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "another archive": pack(t, map[string]string{"a.txt": "a"}),
		"broken XML": pack(t, map[string]string{"word/document.xml": body("<w:p></w:q")}),
	} {
		if _, err := open(data); !errors.Is(err, docx.ErrNot) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(body(`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>一</w:t><w:tab/></w:r></w:p>`), `<w:num w:numId="1"/>`)
	f.Add(body(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`), "")
	f.Add(body(`<w:p><w:r><w:txbxContent><w:p/></w:txbxContent></w:r></w:p></w:p></w:tc>`), `<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="%1.%9"/></w:lvl></w:abstractNum>`)
	f.Fuzz(func(t *testing.T, document, numbers string) {
		d, err := open(pack(t, map[string]string{
			"word/document.xml":            document,
			"word/_rels/document.xml.rels": `<R><Relationship Type="x/numbering" Target="numbering.xml"/></R>`,
			"word/numbering.xml":           numbers,
		}))
		if err == nil && len(d.Text()) > 100*(len(document)+len(numbers)+100) {
			t.Error(fmt.Sprint("a text of ", len(d.Text()), " bytes out of ", len(document)))
		}
	})
}
