package attachment_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestAFileThatIsTwoThingsIsGivenOutAsTheHarmlessOne: a browser must not read the
// page, the script or the archive behind a picture's or a document's beginning.
func TestAFileThatIsTwoThingsIsGivenOutAsTheHarmlessOne(t *testing.T) {
	each(t, func(f *files) {
		page := []byte("<html><script>alert(document.domain)</script></html>")
		archive := zipOf(f, "evil.html", "../../../etc/cron.d/evil")
		for name, c := range map[string]struct {
			data []byte
			kind string
		}{
			"picture and page.png":     {append(bytes.Clone(png), page...), "image/png"},
			"picture and archive.html": {append(bytes.Clone(png), archive...), "image/png"},
			"document and page.pdf":    {append(bytes.Clone(pdf), page...), "application/pdf"},
			"photo and page.svg":       {append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), page...), "image/jpeg"},
		} {
			u := f.upload(name, c.data)
			h := u.Header()
			if u.MediaType != c.kind || h["Content-Type"] != c.kind || h["X-Content-Type-Options"] != "nosniff" || !strings.HasPrefix(h["Content-Disposition"], "attachment;") {
				f.Errorf("%s is given out as %v", name, h)
			}
			for _, ending := range []string{".html", ".svg", ".htm", ".xhtml"} {
				if strings.HasSuffix(u.Name, ending) {
					f.Errorf("%s keeps the name %s", name, u.Name)
				}
			}
			if view := u.View(); !strings.HasPrefix(view["Content-Security-Policy"], "sandbox;") || view["X-Content-Type-Options"] != "nosniff" {
				f.Errorf("%s is shown with %v", name, view)
			}
		}
	})
}

// TestAnArchiveOfManyNamesIsNoDocument: its list of names is read, nothing else.
func TestAnArchiveOfManyNamesIsNoDocument(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 50000 {
		if _, err := z.Create(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	each(t, func(f *files) {
		_, err := f.put("many.docx", b.Bytes())
		f.wantCode("an archive of 50,000 names", err, "attachment.type")
		_, err = f.Service.ByKeys(ctx, consultation, []string{strings.Repeat("k", 1<<16)})
		f.wantCode("a key of 64 kB", err, "attachment.gone")
	})
}
