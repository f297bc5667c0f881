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
	f := b.get(path + "?provision=art-2").fields()
	f.Set("text", strings.ReplaceAll(text, "\n", "\r\n")) // as browsers send it
	f.Set("go", "continue")
	p := b.post(path, f)
	if p.status != 200 || !strings.Contains(p.body, `name="kind"`) {
		b.d.t.Fatalf("step 2: %d", p.status)
	}
	f = p.fields()
	f.Set("kind", "individual")
	f.Set("name", "朱晓岚")
	f.Set("email", "zhu@mail.example")
	f.Set("consent", "true")
	f.Set("go", "check")
	p = b.post(path, f)
	if p.status != 200 || !strings.Contains(p.body, `value="send"`) {
		b.d.t.Fatalf("step 3: %d\n%s", p.status, p.body)
	}
	f = p.fields()
	f.Set("go", "send")
	return p, f
}

func TestAFormSentTwiceIsOneSubmission(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		path := "/consultations/" + d.slug + "/comment"
		first, second := b.post(path, f), b.post(path, f)
		if first.status != 303 || first.header.Get("Location") != second.header.Get("Location") {
			t.Fatalf("%d %s, %s", first.status, first.header.Get("Location"), second.header.Get("Location"))
		}
		p := b.get(first.header.Get("Location"))
		number, secret := p.element("receipt-number"), p.element("receipt-secret")
		if p.status != 200 || number == "" || secret == "" || strings.Contains(first.header.Get("Location"), secret) {
			t.Fatalf("the receipt shows %q, %q", number, secret)
		}
		if cc := p.header.Get("Cache-Control"); !strings.Contains(cc, "no-store") {
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
		other := d.visitor().get("/receipts/" + number)
		if other.status != 200 || strings.Contains(other.body, "第三行") || strings.Contains(other.body, secret) {
			t.Error("another browser sees the receipt without its secret")
		}
	})
}

func TestAChangedFormIsAskedAboutBeforeItIsAnother(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck("第一次")
		path := "/consultations/" + d.slug + "/comment"
		b.post(path, f)
		f.Set("text", "改过")
		p := b.post(path, f)
		if p.status != 409 || !strings.Contains(p.body, "改过") {
			t.Fatalf("changed and sent again: %d", p.status)
		}
		again := p.fields()
		again.Set("go", "send")
		if p = b.post(path, again); p.status != 303 {
			t.Fatalf("confirmed: %d", p.status)
		}
	})
}

func TestNotACharacterIsLostInAnError(t *testing.T) {
	each(t, func(d *desk) {
		b, path := d.visitor(), "/consultations/"+d.slug+"/comment"
		f := b.get(path).fields()
		f["text"] = []string{words, " \u3000 "}
		f["provision"] = []string{"art-1", "art-2"}
		f["proposed_text"] = []string{"为了集思广益，制定本办法。", ""}
		f.Set("go", "continue")
		p := b.post(path, f)
		if p.status != 422 || p.fields()["text"][0] != words {
			t.Fatalf("%d, kept %q", p.status, p.fields()["text"])
		}
		for _, link := range []string{`href="#proposed-1"`, `href="#text-2"`, `id="proposed-1"`, `id="text-2"`, "有错误"} {
			if !strings.Contains(p.body, link) {
				t.Errorf("the page lacks %s", link)
			}
		}
		f["text"][1], f["proposed_text"][0] = "二", ""
		f.Set("go", "send") // straight to the end: the second step lacks all
		p = b.post(path, f)
		if p.status != 422 || p.fields()["text"][0] != words || !strings.Contains(p.body, `id="kind-error"`) || !strings.Contains(p.body, `id="consent-error"`) {
			t.Fatalf("%d, kept %q", p.status, p.fields()["text"])
		}
		f.Set("go", "remove:1")
		if p = b.post(path, f); len(p.fields()["text"]) != 1 || p.fields()["text"][0] != words {
			t.Errorf("after removing: %q", p.fields()["text"])
		}
		f.Set("go", "add")
		f.Set("add", "art-2")
		if p = b.post(path, f); len(p.fields()["text"]) != 3 || p.fields()["provision"][2] != "art-2" {
			t.Errorf("after adding: %q", p.fields())
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
		p := b.post(path, f)
		if p.status != 410 || p.fields()["text"][0] != words {
			t.Fatalf("%d, kept %q", p.status, p.fields()["text"])
		}
		if p = d.visitor().get(path); p.status != 410 {
			t.Errorf("a form for a closed consultation: %d", p.status)
		}
	})
}

// visitorToken is a fresh guard for the browser's forms.
func (d *desk) visitorToken(b *browser) string { return b.get("/receipts").fields().Get("csrf") }

func TestAWithdrawnConsultationSaysWhyAndKeepsTheText(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		_, err := d.cons.Apply(ctx, d.people["reviewer"], d.slug, consultation.Withdraw, consultation.Note{Text: "上位法正在修改"})
		must(t, err)
		p := b.post("/consultations/"+d.slug+"/comment", f)
		if p.status != 410 || p.fields()["text"][0] != words || !strings.Contains(p.body, "上位法正在修改") {
			t.Fatalf("%d: %s", p.status, p.body)
		}
	})
}

func TestAReceiptIsFoundByNumberAndSecret(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		_, f := b.toCheck(words)
		sent := b.get(b.post("/consultations/"+d.slug+"/comment", f).header.Get("Location"))
		number, secret := sent.element("receipt-number"), sent.element("receipt-secret")
		other := d.visitor()
		ask := other.get("/receipts?number=" + number).fields()
		ask.Set("number", strings.ReplaceAll(number, "-", ""))
		ask.Set("secret", "00000-00000")
		wrong := other.post("/receipts", ask)
		ask.Set("number", "26-000999-"+"0")
		if p := other.post("/receipts", ask); wrong.status != 404 || p.status != 404 || strings.Contains(wrong.body, "第三行") {
			t.Fatalf("wrong secret %d, wrong number %d", wrong.status, p.status)
		}
		ask.Set("number", strings.ReplaceAll(number, "-", ""))
		ask.Set("secret", strings.ToLower(secret))
		p := other.post("/receipts", ask)
		if p.status != 303 || p.header.Get("Location") != "/receipts/"+number {
			t.Fatalf("%d to %s", p.status, p.header.Get("Location"))
		}
		if p = other.get("/receipts/" + number); !strings.Contains(p.body, "第三行") || p.element("receipt-secret") != "" {
			t.Error("the receipt is not shown, or its secret is")
		}
	})
}

func TestPublicCommentsAreNewestFirstFiftyAPageAndEscaped(t *testing.T) {
	each(t, func(d *desk) {
		b := d.visitor()
		for i := range 51 {
			body := fmt.Sprintf(`{"submitter":{"kind":"individual","name":"张三","email":"canary@x.example"},"consent":true,"comments":[{"provision":"art-1","text":"<script>n%03d</script>"}]}`, i)
			if p := b.json("POST", "/consultations/"+d.slug+"/submissions", body); p.status != 201 {
				t.Fatalf("%d %s", p.status, p.body)
			}
		}
		p := b.get("/consultations/" + d.slug + "/comments")
		if strings.Count(p.body, "&lt;script&gt;n0") != 50 || strings.Contains(p.body, "<script>n0") || strings.Contains(p.body, "canary") || strings.Contains(p.body, "张三") {
			t.Fatalf("the page: %s", p.body)
		}
		if strings.Index(p.body, "n050") > strings.Index(p.body, "n049") {
			t.Error("the oldest comes first")
		}
		next := p.link("rel=\"next\"")
		if p = b.get(next); strings.Count(p.body, "&lt;script&gt;n0") != 1 || !strings.Contains(p.body, "n000") {
			t.Errorf("the second page %s: %s", next, p.body)
		}
		if p = b.get("/consultations/" + d.slug + "/comments?provision=art-2&cursor='%00x"); p.status >= 500 {
			t.Errorf("%d", p.status)
		}
	})
}
