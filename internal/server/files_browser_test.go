package server_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/browsertest"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/filetext"
	"guangyi/internal/server"
)

// readHere takes texts out of files in the test's own process.
type readHere struct{}

func (readHere) Read(_ context.Context, mediaType string, data []byte) (filetext.Text, error) {
	return filetext.Read(mediaType, data)
}

// TestAFileGoesFromTheFormToTheDesk: somebody sends a Word file and a photograph and
// writes nothing, takes a page that calls itself a picture back, and sees the files
// on the receipt; the officer finds the comment by words in the file.
func TestAFileGoesFromTheFormToTheDesk(t *testing.T) {
	p := unserved(t, databasetest.Target(t, database.SQLite))
	p.serve(server.WithClock(p.clock), server.ReadingFilesWith(readHere{}))
	b := browsertest.Start(t)
	files := sentFiles(t)
	for _, view := range browsertest.Views() {
		name := fmt.Sprintf("files-%s-%d", view.Lang, view.Width)
		t.Run(name, func(t *testing.T) {
			j := &journey{place: p, t: t, name: name, slug: p.open("own", nil)}
			view.NoScript = view.Width == 360
			j.tab = b.Tab(t, view)
			j.sendFiles(files)
			j.findFiles()
		})
	}
	auditDatabase(t, p.db())
}

// sentFiles writes a document, a picture and a page that calls itself a picture.
func sentFiles(t *testing.T) map[string]string {
	t.Helper()
	folder := t.TempDir()
	out := map[string]string{}
	put := func(name string, data []byte) {
		out[name] = filepath.Join(folder, name)
		must(t, os.WriteFile(out[name], data, 0o600))
	}
	document, err := os.ReadFile(filepath.Join("..", "platform", "docx", "testdata", "公平竞争审查条例.auto.docx"))
	must(t, err)
	put("对草案的意见和修改建议（社区居民委员会2026年11月讨论稿最后修改版）.docx", document)
	picture := image.NewRGBA(image.Rect(0, 0, 1600, 900))
	for i := range 1600 * 900 {
		picture.Set(i%1600, i/1600, color.RGBA{uint8(i % 1600 / 8), 120, uint8(i / 1600 / 4), 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, picture))
	put("photo.png", b.Bytes())
	put("page.jpg", []byte("<!DOCTYPE html><html><script>alert(1)</script></html>"))
	return out
}

func (j *journey) sendFiles(files map[string]string) {
	j.t.Helper()
	j.look("the first step", j.tab.Open(j.base+"/consultations/"+j.slug+"/comment"), 200)
	j.attach(files["page.jpg"])
	j.look("a page as a picture", j.tab.Follow(`button[value=continue]`), 422)
	if !strings.Contains(j.tab.Text("main"), "page.jpg") {
		j.t.Error("the fault does not name the file")
	}
	for name, path := range files {
		if name != "page.jpg" {
			j.attach(path)
			j.look("another file", j.tab.Follow(`button[value=upload]`), 200)
		}
	}
	j.look("the second step", j.tab.Follow(`button[value=continue]`), 200)
	j.tab.Click(`input[name=kind][value=individual]`)
	j.tab.Click(`input[type=checkbox][name=consent]`)
	j.look("the third step", j.tab.Follow(`button[value=check]`), 200)
	if text := j.tab.Text("main"); !strings.Contains(text, "photo.png") || !strings.Contains(text, "讨论稿最后修改版） .docx") && !strings.Contains(text, "讨论稿最后修改版）.docx") {
		j.t.Errorf("the check shows %s", text)
	}
	j.look("the receipt", j.tab.Follow(`button[value=send]`), 200)
	if n := j.tab.Count(`a[download][href*="/files/"]`); n != 2 {
		j.t.Errorf("the receipt offers %d files", n)
	}
}

// attach chooses a file of this machine.
func (j *journey) attach(path string) {
	j.t.Helper()
	j.tab.Run(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{path}))
}

func (j *journey) findFiles() {
	j.t.Helper()
	if _, err := j.services.Attachments.ReadDue(context.Background()); err != nil {
		j.t.Fatal(err)
	}
	j.as(actor.Officer)
	list := "/staff/consultations/" + j.slug + "/submissions"
	j.look("the list", j.tab.Open(j.base+list+"?q=公平竞争审查协调机制"), 200)
	j.look("the letter", j.tab.Follow(`td a[href^="`+list+`/"], th a[href^="`+list+`/"]`), 200)
	if text := j.tab.Text("main"); !strings.Contains(text, "photo.png") {
		j.t.Errorf("the letter shows %s", text)
	}
	if !j.tab.Exists(`.gy-file-picture[src$="/view"]`) {
		j.t.Error("the picture is not shown, or as the download itself")
	}
	// A lazy picture below the window is not loaded yet: it is asked for.
	var kind string
	j.tab.Evaluate(`(() => { const x = new XMLHttpRequest(); x.open("GET", document.querySelector(".gy-file-picture").src, false); x.send(); return x.status + " " + x.getResponseHeader("Content-Type") })()`, &kind)
	if kind != "200 image/png" {
		j.t.Errorf("the picture comes as %s", kind)
	}
}
