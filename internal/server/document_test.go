package server_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// find lists the elements below n for which ok holds, in document order.
func find(n *html.Node, ok func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && ok(d) {
			out = append(out, d)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func named(names ...string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, name := range names {
			if n.Data == name {
				return true
			}
		}
		return false
	}
}

// innerText is what a person reads in an element; scripts and styles are not read.
func innerText(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// main is the page's own part, or the whole document.
func (g *page) main() *html.Node {
	if found := find(g.doc, named("main")); len(found) > 0 {
		return found[0]
	}
	return g.doc
}

// byID is the text of the element with an id; ok tells whether there is one.
func (g *page) byID(id string) (text string, ok bool) {
	found := find(g.doc, func(n *html.Node) bool { return attribute(n, "id") == id })
	if len(found) == 0 {
		return "", false
	}
	return strings.TrimSpace(innerText(found[0])), true
}

// reads reports whether a person reads the text somewhere, white space aside.
func (g *page) reads(text string) bool {
	return strings.Contains(squeeze(innerText(g.doc)), squeeze(text))
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// forms lists the forms of a page as a browser would send them. Controls that
// name a form elsewhere by the form attribute belong to that one.
func (g *page) forms() []*form {
	var out []*form
	for _, n := range find(g.doc, named("form")) {
		f := &form{
			action: attribute(n, "action"), method: strings.ToUpper(attribute(n, "method")), kind: attribute(n, "enctype"),
			values: url.Values{}, node: n,
		}
		if f.method == "" {
			f.method = "GET"
		}
		if f.action == "" {
			f.action = g.path
		}
		id := attribute(n, "id")
		for _, c := range find(g.doc, named("input", "textarea", "select", "button")) {
			if belongs(c, n, id) && !hasAttribute(c, "disabled") {
				f.take(c)
			}
		}
		out = append(out, f)
	}
	return out
}

func belongs(control, form *html.Node, id string) bool {
	if to := attribute(control, "form"); to != "" {
		return to == id
	}
	for up := control.Parent; up != nil; up = up.Parent {
		if up == form {
			return true
		}
	}
	return false
}

// take reads one control.
func (f *form) take(c *html.Node) {
	name, value := attribute(c, "name"), attribute(c, "value")
	switch kind := attribute(c, "type"); {
	case c.Data == "button" && (kind == "" || kind == "submit"), c.Data == "input" && kind == "submit":
		f.buttons = append(f.buttons, button{name, value, strings.TrimSpace(innerText(c))})
		return
	case name == "" || c.Data == "button":
		return
	case c.Data == "textarea":
		f.values.Add(name, innerText(c))
		f.areas = append(f.areas, name)
	case c.Data == "select":
		f.values.Add(name, chosen(c))
	case kind == "file":
	case kind == "checkbox", kind == "radio":
		if hasAttribute(c, "checked") {
			if value == "" {
				value = "on"
			}
			f.values.Add(name, value)
		}
	default:
		f.values.Add(name, value)
	}
	f.names = append(f.names, name)
}

func chosen(sel *html.Node) string {
	options := find(sel, named("option"))
	for _, o := range options {
		if hasAttribute(o, "selected") {
			return attribute(o, "value")
		}
	}
	if len(options) > 0 {
		return attribute(options[0], "value")
	}
	return ""
}

// formWith gives the first form that has all the fields.
func (g *page) formWith(t testing.TB, fields ...string) *form {
	t.Helper()
	for _, f := range g.forms() {
		if f.hasAll(fields) {
			return f
		}
	}
	var have []string
	for _, f := range g.forms() {
		have = append(have, f.method+" "+f.action+" "+strings.Join(f.names, ","))
	}
	t.Fatalf("no form with %v in %s\nforms: %s", fields, g, strings.Join(have, "\n"))
	return nil
}

// formTo gives the first form whose address ends so.
func (g *page) formTo(t testing.TB, suffix string) *form {
	t.Helper()
	for _, f := range g.forms() {
		path, _, _ := strings.Cut(f.action, "?")
		if strings.HasSuffix(path, suffix) {
			return f
		}
	}
	t.Fatalf("no form leads to %s in %s", suffix, g)
	return nil
}

func (f *form) hasAll(fields []string) bool {
	have := map[string]bool{}
	for _, n := range f.names {
		have[n] = true
	}
	for _, b := range f.buttons {
		have[b.name] = true
	}
	for _, name := range fields {
		if !have[name] {
			return false
		}
	}
	return true
}
