package server_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
)

// recovery gives the link's end of a letter that opens a receipt again.
func (p *place) recovery(slug string) string {
	p.t.Helper()
	sent := letter("一条以后还要找的意见")
	sent["submitter"] = map[string]any{"kind": "individual", "email": "zhu@example.org"}
	r := p.send(slug, "recovery-"+rand.Text(), sent)
	var at struct{ ConsultationID, ID int64 }
	must(p.t, p.services.DB.Read(context.Background()).Table("submissions").Select("consultation_id, id").Where("receipt = ?", r.Number).Take(&at).Error)
	letter, ok, err := p.services.Submissions.Recovery(context.Background(), at.ConsultationID, at.ID)
	must(p.t, err)
	if !ok {
		p.t.Fatal("nobody to write to")
	}
	return letter.Token
}

// Who lost the secret asks for it with the address that was left, is told the same
// whether there is a receipt, and opens it by the link of the letter.
func TestALostSecretComesBackByLetter(t *testing.T) {
	p := newPlaceWith(t, "off", "on")
	slug := p.open("own", nil)
	token := p.recovery(slug)
	v := p.visitor()
	ask := func(contact string) *page {
		g := v.open("/receipts/lost")
		return v.send(g, g.formTo(t, "/receipts/lost"), "", url.Values{"contact": {contact}})
	}
	known, unknown := ask("zhu@example.org"), ask("abc@example.org")
	if known.status != 200 || strings.ReplaceAll(innerText(known.main()), "zhu@", "abc@") != innerText(unknown.main()) {
		t.Errorf("the page tells whether there is a receipt: %s %s", known, unknown)
	}
	if g := ask("朱小姐"); g.status != 422 || !g.reads("朱小姐") && !strings.Contains(g.body, "朱小姐") {
		t.Errorf("neither address nor number: %s", g)
	}
	asked := v.open("/receipts/open/" + token)
	opened := v.follow(v.send(asked, asked.formTo(t, "/receipts/open/"+token), "", nil))
	if _, ok := opened.byID("receipt-secret"); !ok {
		t.Errorf("the link opens %s", opened)
	}
	if a := v.get("/receipts/open/" + strings.Repeat("A", len(token))); a.status != 404 {
		t.Errorf("a made-up link: %s", a)
	}
}
