package main

import (
	"context"
	"fmt"
	"html"
	"html/template"
	"net"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// bare serves one handler of fiber on a free port.
func bare(h fiber.Handler) (address string, stop func() error, err error) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", h)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() { _ = app.Listener(l) }()
	return "http://" + l.Addr().String() + "/", app.Shutdown, nil
}

func address(url string) shot {
	return func(_ int64, r *fasthttp.Request) {
		r.Reset()
		r.SetRequestURI(url)
	}
}

// stored finds the words of the comments in the page of the program.
var stored = regexp.MustCompile(`第\d+条意见：[^<]+`)

// asTemplate turns the program's page into an html/template that renders the
// same bytes: the words of each comment become an action, everything else stays
// literal. That is less work for the template than a real page would make it.
func asTemplate(page string) (*template.Template, []string, error) {
	var texts []string
	literal := strings.NewReplacer("{{", "{{\"{{\"}}").Replace(page)
	source := stored.ReplaceAllStringFunc(literal, func(s string) string {
		texts = append(texts, html.UnescapeString(s))
		return fmt.Sprintf("{{index . %d}}", len(texts)-1)
	})
	if len(texts) < 50 {
		return nil, nil, fmt.Errorf("the comments page shows %d comments, want 50", len(texts))
	}
	t, err := template.New("page").Parse(source)
	return t, texts, err
}

// rowThree: the comments page, not cached, against html/template without a database.
func rowThree(ctx context.Context, o options, p *program, out *report) error {
	page, err := p.get("/consultations/" + p.slug + "/comments")
	if err != nil {
		return err
	}
	t, texts, err := asTemplate(string(page))
	if err != nil {
		return err
	}
	url, stop, err := bare(func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return t.Execute(c, texts)
	})
	if err != nil {
		return err
	}
	var ours, theirs []window
	for range o.rounds {
		ours = append(ours, fire(ctx, o, p.pid(), 200, p.page("/comments")))
		theirs = append(theirs, fire(ctx, o, 0, 200, address(url)))
	}
	out.add("3", fmt.Sprintf("comments page of %d kB, PostgreSQL, to html/template", len(page)>>10), ours, theirs, "≥ 2.5, p99 ≤ 20 ms")
	return stop()
}

// rowFour: the same page from memory, and 304, against a handler that sends the
// same bytes.
func rowFour(ctx context.Context, o options, p *program, out *report) error {
	if err := p.stop(); err != nil {
		return err
	}
	if err := p.start(ctx, "on"); err != nil {
		return err
	}
	path := "/consultations/" + p.slug + "/comments"
	page, err := p.get(path)
	if err != nil {
		return err
	}
	tag, err := p.tag(path)
	if err != nil {
		return err
	}
	url, stop, err := bare(func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		if c.Get(fiber.HeaderIfNoneMatch) == tag {
			return c.SendStatus(fiber.StatusNotModified)
		}
		return c.Send(page)
	})
	if err != nil {
		return err
	}
	var ours, theirs, oursSame, theirsSame []window
	for range o.rounds {
		ours = append(ours, fire(ctx, o, p.pid(), 200, p.page("/comments")))
		theirs = append(theirs, fire(ctx, o, 0, 200, address(url)))
		oursSame = append(oursSame, fire(ctx, o, p.pid(), 304, same(p.page("/comments"), tag)))
		theirsSame = append(theirsSame, fire(ctx, o, 0, 304, same(address(url), tag)))
	}
	out.add("4", "comments page from memory, to the same bytes", ours, theirs, "≥ 0.6")
	out.add("4", "304, to a bare 304", oursSame, theirsSame, "≥ 0.6")
	if err := stop(); err != nil {
		return err
	}
	if err := p.stop(); err != nil {
		return err
	}
	return p.start(ctx, "off")
}

func same(s shot, tag string) shot {
	return func(n int64, r *fasthttp.Request) {
		s(n, r)
		r.Header.Set(fiber.HeaderIfNoneMatch, tag)
	}
}

func (p *program) tag(path string) (string, error) {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI("http://" + p.address + path)
	if err := fasthttp.Do(req, resp); err != nil {
		return "", err
	}
	return string(resp.Header.Peek(fiber.HeaderETag)), nil
}
