package main

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func get(url string) shot {
	return func(_ int64, r *fasthttp.Request) {
		r.Reset()
		r.SetRequestURI(url)
	}
}

// rowThree: the comments page, not cached, against html/template without a database.
func rowThree(ctx context.Context, o options, p *program, out *report) error {
	page, err := p.get("/consultations/" + p.slug + "/comments")
	if err != nil {
		return err
	}
	source, data, err := asTemplate(string(page))
	if err != nil {
		return err
	}
	plain, err := startBaseline(ctx, plan{Template: source, Data: data})
	if err != nil {
		return err
	}
	defer plain.stop()
	var ours, theirs []window
	for range o.rounds {
		ours = append(ours, fire(ctx, o, p.serving(), 200, p.page("/comments")))
		theirs = append(theirs, fire(ctx, o, plain.serving(), 200, get(plain.url)))
	}
	out.add("3", fmt.Sprintf("comments page of %d kB, PostgreSQL, to html/template", len(page)>>10), ours, theirs, "≥ 2.5, p99 ≤ 20 ms")
	return nil
}

// rowFour: the same page from memory, and 304, against a handler that sends the
// same bytes.
func rowFour(ctx context.Context, o options, p *program, out *report) error {
	if err := p.restart(ctx, "on"); err != nil {
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
	plain, err := startBaseline(ctx, plan{Page: page, Tag: tag})
	if err != nil {
		return err
	}
	defer plain.stop()
	var ours, theirs, oursSame, theirsSame []window
	for range o.rounds {
		ours = append(ours, fire(ctx, o, p.serving(), 200, p.page("/comments")))
		theirs = append(theirs, fire(ctx, o, plain.serving(), 200, get(plain.url)))
		oursSame = append(oursSame, fire(ctx, o, p.serving(), 304, same(p.page("/comments"), tag)))
		theirsSame = append(theirsSame, fire(ctx, o, plain.serving(), 304, same(get(plain.url), tag)))
	}
	out.add("4", "comments page from memory, to the same bytes", ours, theirs, "≥ 0.6")
	out.add("4", "304, to a bare 304", oursSame, theirsSame, "≥ 0.6")
	return p.restart(ctx, "off")
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
