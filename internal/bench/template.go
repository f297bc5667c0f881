package main

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"
)

// pageData is what the template of the comments page is filled with.
type pageData struct {
	Words     []string // of the frame: title, lead, links and so on
	Addresses []string
	Comments  []said
}

type said struct{ Label, Who, When, Text string }

var (
	items   = regexp.MustCompile(`(?s)<ol class="gy-stack-list">.*</ol>`)
	oneItem = regexp.MustCompile(`(?s)<li><p class="gy-meta"><span>([^<]*)</span><span>([^<]*)</span><span><span class="gy-nowrap">([^<]*)</span></span></p>\s*<div class="gy-stored">([^<]*)</div>\s*</li>`)
	address = regexp.MustCompile(`href="([^"]*)"`)
	wording = regexp.MustCompile(`>([^<>]*[^<>\s][^<>]*)<`)
	inBody  = "<body>"
	loop    = `<ol class="gy-stack-list">{{range .Comments}}<li><p class="gy-meta"><span>{{.Label}}</span><span>{{.Who}}</span><span><span class="gy-nowrap">{{.When}}</span></span></p><div class="gy-stored">{{.Text}}</div></li>{{end}}</ol>`
)

// asTemplate turns the program's page into the html/template that somebody would
// write for it: a loop over the comments, an action for each word and each
// address of the frame, everything else literal. It renders the same page.
func asTemplate(page string) (source string, data pageData, err error) {
	for _, m := range oneItem.FindAllStringSubmatch(page, -1) {
		data.Comments = append(data.Comments, said{html.UnescapeString(m[1]), html.UnescapeString(m[2]), html.UnescapeString(m[3]), html.UnescapeString(m[4])})
	}
	if len(data.Comments) < 50 {
		return "", data, fmt.Errorf("the comments page shows %d comments, want 50", len(data.Comments))
	}
	at := items.FindStringIndex(page)
	source = data.frame(page[:at[0]]) + loop + data.frame(page[at[1]:])
	return source, data, sameWords(page, source, data)
}

// frame makes actions of the words and addresses of a part of the body.
func (d *pageData) frame(part string) string {
	head, body, found := strings.Cut(part, inBody)
	if !found {
		head, body = "", part
	} else {
		head += inBody
	}
	body = address.ReplaceAllStringFunc(body, func(s string) string {
		d.Addresses = append(d.Addresses, html.UnescapeString(address.FindStringSubmatch(s)[1]))
		return fmt.Sprintf(`href="{{index .Addresses %d}}"`, len(d.Addresses)-1)
	})
	return head + wording.ReplaceAllStringFunc(body, func(s string) string {
		d.Words = append(d.Words, html.UnescapeString(s[1:len(s)-1]))
		return fmt.Sprintf(">{{index .Words %d}}<", len(d.Words)-1)
	})
}

// sameWords checks that the baseline does the same work.
func sameWords(page, source string, data pageData) error {
	t, err := template.New("page").Parse(source)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	if plain(b.String()) != plain(page) {
		return fmt.Errorf("the template of the baseline does not give the program's page")
	}
	return nil
}

// plain is a page without what two escapers may write in two ways.
func plain(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(page)), "")
}
