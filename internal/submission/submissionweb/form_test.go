package submissionweb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
)

// words are hard to carry through three pages unchanged.
const words = "  第一行 “引号” <b>&amp;\n\n第三行=1+1 🀄 "

// toCheck fills the form up to its last step.
func (b *browser) toCheck(text string) (page, url.Values) {
	b.d.t.Helper()
	path := "/consultations/" + b.d.slug + "/comment"
	f := b.Get(path + "?provision=art-2").Hidden()
	f.Set("text", strings.ReplaceAll(text, "\n", "\r\n")) // as browsers send it
	f.Set("go", "continue")
	p := b.Post(path, f)
	if p.Status != 200 || !strings.Contains(p.Body, `name="kind"`) {
		b.d.t.Fatalf("step 2: %d", p.Status)
	}
	f = p.Hidden()
	f.Set("kind", "individual")
	f.Set("name", "朱晓岚")
	f.Set("email", "zhu@mail.example")
	f.Set("consent", "true")
	f.Set("go", "check")
	p = b.Post(path, f)
	if p.Status != 200 || !strings.Contains(p.Body, `value="send"`) {
		b.d.t.Fatalf("step 3: %d\n%s", p.Status, p.Body)
	}
	f = p.Hidden()
	f.Set("go", "send")
	return p, f
}

func TestAFormSentTwiceIsOneSubmission(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		path := "/consultations/" + d.slug + "/comment"
		first, second := b.Post(path, f), b.Post(path, f)
		if first.Status != 303 || first.Header.Get("Location") != second.Header.Get("Location") {
			t.Fatalf("%d %s, %s", first.Status, first.Header.Get("Location"), second.Header.Get("Location"))
		}
		p := b.Get(first.Header.Get("Location"))
		number, secret := p.Element("receipt-number"), p.Element("receipt-secret")
		if p.Status != 200 || number == "" || secret == "" || strings.Contains(first.Header.Get("Location"), secret) {
			t.Fatalf("the receipt shows %q, %q", number, secret)
		}
		if cc := p.Header.Get("Cache-Control"); !strings.Contains(cc, "no-store") {
			t.Errorf("a receipt is cached: %q", cc)
		}
		got, err := d.subs.Track(ctx, number, secret)
		must(t, err)
		if got.Parts[0].Text != words || got.Parts[0].AimedAt != "art-2" || got.Submission.Channel != "web" || got.Submission.Lang != "zh-CN" {
			t.Errorf("stored %+v", got.Parts[0])
		}
		c, err := d.cons.ByID(ctx, got.Consultation.ID)
		must(t, err)
		if c.Counters.Submissions != 1 {
			t.Errorf("%d submissions", c.Counters.Submissions)
		}
		other := d.visitor().Get("/receipts/" + number)
		if other.Status != 200 || strings.Contains(other.Body, "第三行") || strings.Contains(other.Body, secret) {
			t.Error("another browser sees the receipt without its secret")
		}
	})
}

func TestAChangedFormIsAskedAboutBeforeItIsAnother(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck("第一次")
		path := "/consultations/" + d.slug + "/comment"
		b.Post(path, f)
		f.Set("text", "改过")
		p := b.Post(path, f)
		if p.Status != 409 || !strings.Contains(p.Body, "改过") {
			t.Fatalf("changed and sent again: %d", p.Status)
		}
		again := p.Hidden()
		again.Set("go", "send")
		if p = b.Post(path, again); p.Status != 303 {
			t.Fatalf("confirmed: %d", p.Status)
		}
	})
}

func TestNotACharacterIsLostInAnError(t *testing.T) {
	each(t, func(d *desk) {
		b, path := d.visitor(), "/consultations/"+d.slug+"/comment"
		f := b.Get(path).Hidden()
		f["text"] = []string{words, " \u3000 "}
		f["provision"] = []string{"art-1", "art-2"}
		f["proposed_text"] = []string{"为了集思广益，制定本办法。", ""}
		f.Set("go", "continue")
		p := b.Post(path, f)
		if p.Status != 422 || p.Hidden()["text"][0] != words {
			t.Fatalf("%d, kept %q", p.Status, p.Hidden()["text"])
		}
		for _, link := range []string{`href="#proposed-1"`, `href="#text-2"`, `id="proposed-1"`, `id="text-2"`, "有错误"} {
			if !strings.Contains(p.Body, link) {
				t.Errorf("the page lacks %s", link)
			}
		}
		f["text"][1], f["proposed_text"][0] = "二", ""
		f.Set("go", "send") // straight to the end: the second step lacks all
		p = b.Post(path, f)
		if p.Status != 422 || p.Hidden()["text"][0] != words || !strings.Contains(p.Body, `id="kind-error"`) || !strings.Contains(p.Body, `id="consent-error"`) {
			t.Fatalf("%d, kept %q", p.Status, p.Hidden()["text"])
		}
		f.Set("go", "remove:1")
		if p = b.Post(path, f); len(p.Hidden()["text"]) != 1 || p.Hidden()["text"][0] != words {
			t.Errorf("after removing: %q", p.Hidden()["text"])
		}
		f.Set("go", "add")
		f.Set("add", "art-2")
		if p = b.Post(path, f); len(p.Hidden()["text"]) != 3 || p.Hidden()["provision"][2] != "art-2" {
			t.Errorf("after adding: %q", p.Hidden())
		}
	})
}

func TestWhoWritesWhileItClosesKeepsTheText(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		d.clock.Add(31 * 24 * time.Hour)
		path := "/consultations/" + d.slug + "/comment"
		f.Set("csrf", d.visitorToken(b)) // the old one has aged too
		p := b.Post(path, f)
		if p.Status != 410 || p.Hidden()["text"][0] != words {
			t.Fatalf("%d, kept %q", p.Status, p.Hidden()["text"])
		}
		if p = d.visitor().Get(path); p.Status != 410 {
			t.Errorf("a form for a closed consultation: %d", p.Status)
		}
	})
}

// visitorToken is a fresh guard for the browser's forms.
func (d *desk) visitorToken(b *browser) string {
	return b.Get("/receipts").Hidden().Get("csrf")
}

func TestAWithdrawnConsultationSaysWhyAndKeepsTheText(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		_, err := d.cons.Apply(ctx, d.people["reviewer"], d.slug, consultation.Withdraw, consultation.Note{Text: "上位法正在修改"})
		must(t, err)
		p := b.Post("/consultations/"+d.slug+"/comment", f)
		if p.Status != 410 || p.Hidden()["text"][0] != words || !strings.Contains(p.Body, "上位法正在修改") {
			t.Fatalf("%d: %s", p.Status, p.Body)
		}
	})
}

func TestAReceiptIsFoundByNumberAndSecret(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		sent := b.Get(b.Post("/consultations/"+d.slug+"/comment", f).Header.Get("Location"))
		number, secret := sent.Element("receipt-number"), sent.Element("receipt-secret")
		other := d.visitor()
		ask := other.Get("/receipts?number=" + number).Hidden()
		ask.Set("number", strings.ReplaceAll(number, "-", ""))
		ask.Set("secret", "00000-00000")
		wrong := other.Post("/receipts", ask)
		ask.Set("number", "26-000999-"+"0")
		if p := other.Post("/receipts", ask); wrong.Status != 404 || p.Status != 404 || strings.Contains(wrong.Body, "第三行") {
			t.Fatalf("wrong secret %d, wrong number %d", wrong.Status, p.Status)
		}
		ask.Set("number", strings.ReplaceAll(number, "-", ""))
		ask.Set("secret", strings.ToLower(secret))
		p := other.Post("/receipts", ask)
		if p.Status != 303 || p.Header.Get("Location") != "/receipts/"+number {
			t.Fatalf("%d to %s", p.Status, p.Header.Get("Location"))
		}
		if p = other.Get("/receipts/" + number); !strings.Contains(p.Body, "第三行") || p.Element("receipt-secret") != "" {
			t.Error("the receipt is not shown, or its secret is")
		}
	})
}

func TestPublicCommentsAreNewestFirstFiftyAPageAndEscaped(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		for i := range 51 {
			body := fmt.Sprintf(`{"submitter":{"kind":"individual","name":"张三","email":"canary@x.example"},"consent":true,"comments":[{"provision":"art-1","text":"<script>n%03d</script>"}]}`, i)
			if p := b.JSON("POST", "/consultations/"+d.slug+"/submissions", body); p.Status != 201 {
				t.Fatalf("%d %s", p.Status, p.Body)
			}
		}
		p := b.Get("/consultations/" + d.slug + "/comments")
		if strings.Count(p.Body, "&lt;script&gt;n0") != 50 || strings.Contains(p.Body, "<script>n0") || strings.Contains(p.Body, "canary") || strings.Contains(p.Body, "张三") {
			t.Fatalf("the page: %s", p.Body)
		}
		if strings.Index(p.Body, "n050") > strings.Index(p.Body, "n049") {
			t.Error("the oldest comes first")
		}
		next := link(p, "rel=\"next\"")
		if p = b.Get(next); strings.Count(p.Body, "&lt;script&gt;n0") != 1 || !strings.Contains(p.Body, "n000") {
			t.Errorf("the second page %s: %s", next, p.Body)
		}
		if p = b.Get("/consultations/" + d.slug + "/comments?provision=art-2&cursor='%00x"); p.Status >= 500 {
			t.Errorf("%d", p.Status)
		}
	})
}
