package submissionweb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/filetext"
)

var (
	pdfFile = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
	pngFile = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	txtFile = "老人清晨五点半就要锻炼，第七条应当改。"
)

// here reads texts in the test's own process.
type here struct{}

func (here) Read(_ context.Context, mediaType string, data []byte) (filetext.Text, error) {
	return filetext.Read(mediaType, data)
}

// chosen is a file in a field of a form.
type chosen struct{ field, name, content string }

// multipart posts a form with files, as a browser does that has no script.
func (b *browser) multipart(path string, fields url.Values, files ...chosen) page {
	b.d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, v := range values {
			must(b.d.t, w.WriteField(name, v))
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		must(b.d.t, err)
		_, err = io.WriteString(part, f.content)
		must(b.d.t, err)
	}
	must(b.d.t, w.Close())
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

func (d *desk) form() string { return "/consultations/" + d.slug + "/comment" }

func TestALetterThatIsOnlyAFileIsReceivedCountedAndFound(t *testing.T) {
	each(t, func(d *desk) {
		d.files.ReadWith(here{})
		b := d.visitor()
		f := b.Get(d.form()).Hidden()
		f.Set("go", "continue")
		p := b.multipart(d.form(), f, chosen{"files", "意见.txt", txtFile}, chosen{"files", "", ""})
		if p.Status != 200 || !strings.Contains(p.Body, `name="kind"`) {
			t.Fatalf("step 2: %d\n%s", p.Status, p.Body)
		}
		f = p.Hidden()
		f.Set("kind", "individual")
		f.Set("consent", "true")
		f.Set("go", "check")
		p = b.Post(d.form(), f)
		if p.Status != 200 || !strings.Contains(p.Body, "意见.txt") || !strings.Contains(p.Body, "意见见附件") {
			t.Fatalf("step 3: %d\n%s", p.Status, p.Body)
		}
		f = p.Hidden()
		f.Set("go", "send")
		first, second := b.Post(d.form(), f), b.Post(d.form(), f)
		if first.Status != 303 || first.Header.Get("Location") != second.Header.Get("Location") {
			t.Fatalf("sent twice: %d %s, %d %s", first.Status, first.Header.Get("Location"), second.Status, second.Header.Get("Location"))
		}
		receipt := b.Get(first.Header.Get("Location"))
		link := regexp.MustCompile(`/receipts/[0-9-]+/files/[0-9a-z]+`).FindString(receipt.Body)
		if link == "" || !strings.Contains(receipt.Body, "SHA-256") {
			t.Fatalf("the receipt shows no file\n%s", receipt.Body)
		}
		got := b.Get(link)
		if got.Status != 200 || got.Body != txtFile || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment;") ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("the file comes as %d %v %q", got.Status, got.Header, got.Body)
		}
		if other := d.visitor().Get(link); other.Status != 404 {
			t.Errorf("somebody else gets %d", other.Status)
		}
		if n, err := d.files.ReadDue(ctx); n != 1 || err != nil {
			t.Fatalf("%d texts read, %v", n, err)
		}
		d.foundByStaff()
	})
}

// foundByStaff looks for words that stand in a file only.
func (d *desk) foundByStaff() {
	staff := d.signedIn("officer")
	list := "/staff/consultations/" + d.slug + "/submissions"
	found := staff.Get(list + "?q=" + url.QueryEscape("五点半就要锻炼"))
	link := regexp.MustCompile(list + `/[0-9]+`).FindString(found.Body)
	if link == "" {
		d.t.Fatalf("the list finds nothing\n%s", found.Body)
	}
	if none := staff.Get(list + "?q=" + url.QueryEscape("没有这几个字")); strings.Contains(none.Body, link) {
		d.t.Error("words that stand nowhere are found")
	}
	letter := staff.Get(link)
	for _, want := range []string{"附件文字，自动提取", "五点半就要锻炼", "没有文字，意见见附件", "意见.txt"} {
		if !strings.Contains(letter.Body, want) {
			d.t.Errorf("the letter lacks %q", want)
		}
	}
	file := regexp.MustCompile(link + `/files/[0-9a-z]+`).FindString(letter.Body)
	if got := staff.Get(file); got.Status != 200 || got.Body != txtFile {
		d.t.Errorf("staff get %d %q from %s", got.Status, got.Body, file)
	}
	if view := staff.Get(file + "/view"); view.Status != 404 {
		d.t.Errorf("a text is shown as a picture: %d", view.Status)
	}
	for who, want := range map[string]int{"other-officer": 404, "auditor": 200} {
		if got := d.signedIn(who).Get(file); got.Status != want {
			d.t.Errorf("%s gets %d, want %d", who, got.Status, want)
		}
	}
	if got := d.visitor().Get(file); got.Status != 303 && got.Status != 404 {
		d.t.Errorf("the public gets %d", got.Status)
	}
	c, err := d.cons.Staff(ctx, d.people["officer"], d.slug)
	must(d.t, err)
	if c.Counters.Submissions != 1 || c.Counters.Comments != 1 {
		d.t.Errorf("counted as %d with %d comments", c.Counters.Submissions, c.Counters.Comments)
	}
}

func TestFilesAreKeptOverFaultsAndTakenOffAgain(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		f := b.Get(d.form()).Hidden()
		f.Set("text", "一点意见")
		f.Set("go", "continue")
		p := b.multipart(d.form(), f, chosen{"files", "说明.pdf", pdfFile}, chosen{"files", "page.png", "<html><script>alert(1)</script></html>"})
		if p.Status != 422 || !strings.Contains(p.Body, "page.png：") || !strings.Contains(p.Body, "说明.pdf") || !strings.Contains(p.Body, "一点意见") {
			t.Fatalf("a page as a picture: %d\n%s", p.Status, p.Body)
		}
		f = p.Hidden()
		if len(f["file"]) != 1 {
			t.Fatalf("kept are %v", f["file"])
		}
		f.Set("go", "upload")
		p = b.multipart(d.form(), f, chosen{"files", "照片.png", pngFile})
		if f = p.Hidden(); p.Status != 200 || len(f["file"]) != 2 {
			t.Fatalf("another file: %d, kept %v", p.Status, f["file"])
		}
		f.Set("go", "drop:"+f["file"][0])
		p = b.multipart(d.form(), f)
		if f = p.Hidden(); p.Status != 200 || len(f["file"]) != 1 || strings.Contains(p.Body, "说明.pdf") || !strings.Contains(p.Body, "照片.png") {
			t.Fatalf("taken off: %d, kept %v", p.Status, f["file"])
		}
		f.Add("file", "a key that somebody made up")
		f.Set("go", "continue")
		if p = b.multipart(d.form(), f); p.Status != 422 || len(p.Hidden()["file"]) != 1 || !strings.Contains(p.Body, "请重新选择") {
			t.Errorf("a made up key: %d", p.Status)
		}
	})
}

func TestTooManyFilesAreRefusedOneByOne(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		f := b.Get(d.form()).Hidden()
		f.Set("go", "upload")
		var many []chosen
		for i := range attachment.MostFiles + 1 {
			many = append(many, chosen{"files", fmt.Sprintf("%d.txt", i), fmt.Sprint("文字", i)})
		}
		p := b.multipart(d.form(), f, many...)
		if p.Status != 422 || len(p.Hidden()["file"]) != attachment.MostFiles || !strings.Contains(p.Body, "最多10个文件") {
			t.Errorf("%d, kept %d", p.Status, len(p.Hidden()["file"]))
		}
		big := strings.Repeat("a", attachment.MaxSize)
		f = b.Get(d.form()).Hidden()
		f.Set("go", "upload")
		p = b.multipart(d.form(), f, chosen{"files", "1.txt", big[:attachment.MaxSize-1]}, chosen{"files", "2.txt", big[:attachment.MostTogether-attachment.MaxSize+2]})
		if p.Status != 422 || len(p.Hidden()["file"]) != 1 || !strings.Contains(p.Body, "合计最大24MB") {
			t.Errorf("too much together: %d, kept %d", p.Status, len(p.Hidden()["file"]))
		}
	})
}

func TestAfterTheEndNoFileIsTakenAndTheWordsComeBack(t *testing.T) {
	each(t, func(d *desk) {
		end := start.Add(30 * 24 * time.Hour)
		d.clock.Set(end.Add(-time.Minute))
		b := d.visitor()
		f := b.Get(d.form()).Hidden()
		f.Set("text", "来不及的意见")
		f.Set("go", "continue")
		d.clock.Set(end)
		p := b.multipart(d.form(), f, chosen{"files", "说明.pdf", pdfFile})
		if p.Status != 410 || !strings.Contains(p.Body, "来不及的意见") {
			t.Errorf("%d\n%s", p.Status, p.Body)
		}
		up := b.multipart("/api/v1/consultations/"+d.slug+"/files", nil, chosen{"file", "说明.pdf", pdfFile})
		if up.Status != 410 {
			t.Errorf("the API takes it: %d", up.Status)
		}
	})
}

func TestAProgramSendsFiles(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		base := "/consultations/" + d.slug
		up := b.multipart("/api/v1"+base+"/files", nil, chosen{"file", "../../意见.txt", txtFile})
		if up.Status != 201 {
			t.Fatalf("%d %s", up.Status, up.Body)
		}
		item := up.Decode(t)
		id := item["id"].(string)
		if item["name"] != "意见.txt" || item["media_type"] != "text/plain; charset=utf-8" || len(item["sha256"].(string)) != 64 || len(id) < 20 {
			t.Errorf("uploaded as %v", item)
		}
		body := fmt.Sprintf(`{"submitter":{"kind":"enterprise"},"comments":[{"provision":"","text":""}],"consent":true,"files":[%q]}`, id)
		first := b.JSON("POST", base+"/submissions", body, "Idempotency-Key", "one")
		again := b.JSON("POST", base+"/submissions", body, "Idempotency-Key", "one")
		if first.Status != 201 || first.Body != again.Body {
			t.Fatalf("%d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
		}
		got := first.Decode(t)
		secret := got["secret"].(string)
		tracked := b.JSON("GET", "/receipts/"+got["receipt"].(string), "", "Receipt-Secret", secret).Decode(t)
		files := tracked["files"].([]any)
		if len(files) != 1 {
			t.Fatalf("the receipt lists %v", files)
		}
		address := files[0].(map[string]any)["url"].(string)
		path := address[strings.Index(address, "/receipts/"):]
		if file := b.JSON("GET", path, "", "Receipt-Secret", secret); file.Status != 200 || file.Body != txtFile {
			t.Errorf("%s gives %d %q", path, file.Status, file.Body)
		}
		if file := b.JSON("GET", path, "", "Receipt-Secret", "wrong"); file.Status != 404 {
			t.Errorf("with a wrong secret: %d", file.Status)
		}
		d.refusesFiles(b, base, id)
	})
}

// refusesFiles tries what a program may not send.
func (d *desk) refusesFiles(b *browser, base, used string) {
	named := func(files string) page {
		return b.JSON("POST", base+"/submissions", `{"submitter":{"kind":"individual"},"comments":[{"text":"x"}],"consent":true,"files":`+files+`}`)
	}
	for files, want := range map[string]int{
		`["` + used + `"]`:                        422, // it belongs to the first submission
		`["no such file"]`:                        422,
		`["` + strings.Repeat(`x","`, 10) + `x"]`: 422,
		`"` + used + `"`:                          422,
	} {
		if got := named(files); got.Status != want || !strings.Contains(got.Body, `"files"`) {
			d.t.Errorf("files %s: %d %s", files, got.Status, got.Body)
		}
	}
	up := "/api/v1" + base + "/files"
	for name, got := range map[string]page{
		"a drawing":  b.multipart(up, nil, chosen{"file", "a.png", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`}),
		"two files":  b.multipart(up, nil, chosen{"file", "a.pdf", pdfFile}, chosen{"file", "b.pdf", pdfFile}),
		"no file":    b.multipart(up, url.Values{"x": {"y"}}),
		"empty file": b.multipart(up, nil, chosen{"file", "a.pdf", ""}),
	} {
		if got.Status != 422 || !strings.Contains(got.Body, `"file"`) {
			d.t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	if got := b.JSON("POST", base+"/files", `{}`); got.Status != 415 {
		d.t.Errorf("JSON in place of a file: %d %s", got.Status, got.Body)
	}
	if got := b.multipart("/api/v1/consultations/no-such/files", nil, chosen{"file", "a.pdf", pdfFile}); got.Status != 404 {
		d.t.Errorf("for no consultation: %d", got.Status)
	}
}

// watch is a scanner that finds what a test tells it.
type watch struct {
	finding string
	err     error
}

func (w *watch) Scan(_ context.Context, content io.Reader) (string, error) {
	_, _ = io.Copy(io.Discard, content)
	return w.finding, w.err
}

// plainSeal stands for the site's keys.
type plainSeal struct{}

func (plainSeal) Seal(plain []byte, _ string) ([]byte, error) {
	return append([]byte("sealed "), plain...), nil
}

func TestAScannerThatIsAwayOrFindsSomethingLosesNoSubmission(t *testing.T) {
	each(t, func(d *desk) {
		w := &watch{err: errors.New("connection refused")}
		d.files.ScanWith(w, plainSeal{})
		b := d.visitor()
		f := b.Get(d.form()).Hidden()
		f.Set("text", "文字还在")
		f.Set("go", "continue")
		f = b.multipart(d.form(), f, chosen{"files", "意见.txt", txtFile}).Hidden()
		f.Set("kind", "individual")
		f.Set("consent", "true")
		f.Set("go", "check")
		f = b.Post(d.form(), f).Hidden()
		f.Set("go", "send")
		sent := b.Post(d.form(), f)
		if sent.Status != 303 {
			t.Fatalf("%d", sent.Status)
		}
		path := sent.Header.Get("Location")
		if _, err := d.files.ScanDue(ctx); err == nil {
			t.Fatal("the scanner is away and nothing says so")
		}
		receipt := b.Get(path)
		if !strings.Contains(receipt.Body, "文字还在") || !strings.Contains(receipt.Body, "还没有查毒") || strings.Contains(receipt.Body, path+"/files/") {
			t.Errorf("unchecked:\n%s", receipt.Body)
		}
		letter := d.onlyLetter()
		if !strings.Contains(letter, "还没有查毒") || strings.Contains(letter, "/files/") {
			t.Error("staff get a file that was not checked")
		}
		w.err, w.finding = nil, "Eicar-Test-Signature"
		d.clock.Set(d.clock.Now().Add(2 * time.Hour))
		if n, err := d.files.ScanDue(ctx); n != 1 || err != nil {
			t.Fatalf("%d scanned, %v", n, err)
		}
		if receipt = b.Get(path); !strings.Contains(receipt.Body, "含有病毒（Eicar-Test-Signature）") || !strings.Contains(receipt.Body, "文字还在") {
			t.Errorf("infected:\n%s", receipt.Body)
		}
		if letter := d.onlyLetter(); !strings.Contains(letter, "已经封存") {
			t.Error("staff are not told")
		}
	})
}

// onlyLetter is the page of the one submission that there is.
func (d *desk) onlyLetter() string {
	d.t.Helper()
	staff := d.signedIn("officer")
	list := "/staff/consultations/" + d.slug + "/submissions"
	link := regexp.MustCompile(list + `/[0-9]+`).FindString(staff.Get(list).Body)
	if link == "" {
		d.t.Fatal("there is no submission")
	}
	return staff.Get(link).Body
}

func TestAFileIsPublicOnlyAfterModerationSaysSo(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		base := "/consultations/" + d.slug
		id := b.multipart("/api/v1"+base+"/files", nil, chosen{"file", "意见.txt", txtFile}).Decode(t)["id"].(string)
		sent := b.JSON("POST", base+"/submissions", fmt.Sprintf(`{"submitter":{"kind":"individual"},"comments":[{"text":""}],"consent":true,"files":[%q]}`, id))
		if sent.Status != 201 {
			t.Fatalf("%d %s", sent.Status, sent.Body)
		}
		if p := b.Get(base + "/comments"); strings.Contains(p.Body, "意见.txt") || !strings.Contains(p.Body, "附件没有公开") {
			t.Errorf("before:\n%s", p.Body)
		}
		file := regexp.MustCompile(`/staff/consultations/[a-z0-9-]+/submissions/[0-9]+/files/[0-9]+`).FindString(d.onlyLetter())
		public := base + "/comments/files/" + file[strings.LastIndexByte(file, '/')+1:]
		if got := b.Get(public); got.Status != 404 {
			t.Errorf("by its address before: %d", got.Status)
		}
		for who, want := range map[string]int{"auditor": 403, "other-officer": 404, "officer": 303} {
			staff := d.signedIn(who)
			form := url.Values{"csrf": {staff.Get("/consultations/" + d.slug + "/comment").Hidden().Get("csrf")}, "public": {"yes"}}
			if got := staff.Post(file, form); got.Status != want {
				t.Errorf("%s shows it: %d, want %d", who, got.Status, want)
			}
		}
		if p := b.Get(base + "/comments"); !strings.Contains(p.Body, public) || !strings.Contains(p.Body, "意见.txt") {
			t.Errorf("after:\n%s", p.Body)
		}
		got := b.Get(public)
		if got.Status != 200 || got.Body != txtFile || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("by its address after: %d %q", got.Status, got.Body)
		}
		staff := d.signedIn("officer")
		staff.Post(file, url.Values{"csrf": {staff.Get("/consultations/" + d.slug + "/comment").Hidden().Get("csrf")}})
		if got := b.Get(public); got.Status != 404 {
			t.Errorf("taken back: %d", got.Status)
		}
	})
}
