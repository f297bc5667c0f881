package server_test

import (
	"net/url"
	"slices"
	"strings"
)

// goOn are the values of the button that leads on, in the order of the steps.
var goOn = []string{"continue", "check", "send"}

// commentForm gives the form of a step of commenting, and the button that leads on.
func (v *visitor) commentForm(g *page) (*form, string) {
	v.t.Helper()
	for _, f := range g.forms() {
		for _, b := range f.buttons {
			if slices.Contains(goOn, b.value) {
				return f, b.value
			}
		}
	}
	return nil, ""
}

// step fills in what the form of a step has of the values, and goes on.
func (v *visitor) step(g *page, say url.Values) *page {
	v.t.Helper()
	f, press := v.commentForm(g)
	if f == nil {
		v.t.Fatalf("no step of commenting: %s", g)
	}
	return v.follow(v.send(g, f, press, f.known(say)))
}

// known are the values for fields that the form has and a person can fill in.
func (f *form) known(say url.Values) url.Values {
	out := url.Values{}
	for k, list := range say {
		if slices.Contains(f.names, k) {
			out[k] = list
		}
	}
	return out
}

// comment writes by the page's form, through all steps, and gives the receipt.
func (v *visitor) comment(slug string, say url.Values) receipt {
	v.t.Helper()
	return v.finish(v.open("/consultations/"+slug+"/comment"), say)
}

func (v *visitor) finish(g *page, say url.Values) receipt {
	v.t.Helper()
	g = v.lastStep(g, say)
	return v.receiptOn(v.step(g, say))
}

// lastStep goes on to the step at which the check is done and only sending is left.
func (v *visitor) lastStep(g *page, say url.Values) *page {
	v.t.Helper()
	for range 5 {
		if _, press := v.commentForm(g); press == "send" {
			return g
		}
		next := v.step(g, say)
		if next.status != 200 {
			v.t.Fatalf("the step was refused: %s", next)
		}
		g = next
	}
	v.t.Fatalf("more than five steps: %s", g)
	return nil
}

// receiptOn reads number and secret from the page after sending.
func (v *visitor) receiptOn(g *page) receipt {
	v.t.Helper()
	number, ok := g.byID("receipt-number")
	secret, also := g.byID("receipt-secret")
	if !ok || !also || number == "" || secret == "" {
		v.t.Fatalf("no receipt on %s", g)
	}
	return receipt{squeeze(number), squeeze(secret)}
}

// said are the values of a usual comment.
func said(text string) url.Values {
	return url.Values{"text": {text}, "kind": {"individual"}, "consent": {"on"}}
}

// lines brings a text to one kind of line ends: browsers send CRLF.
func oneKindOfLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
