package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

type verifyCommand struct {
	URL    string `name:"url" placeholder:"URL" help:"Address of a site, or of a page of one of its meetings."`
	Bundle string `arg:"" optional:"" name:"bundle" help:"ZIP file that a meeting's page offers, with draw.json and for applicants draw-full.json."`
}

// Help shows an example.
func (verifyCommand) Help() string {
	return "Example: guangyi verify --url https://example.org/meetings/2026-12-18\nPrints each fact as holds, broken or unchecked (what the public data do not tell)."
}

// Run prints every fact; the first broken one is the error.
func (v *verifyCommand) Run(c *console) error {
	if (v.URL == "") == (v.Bundle == "") {
		return usageError{"verify needs either --url URL or a BUNDLE.zip"}
	}
	w := &verdict{c: c}
	if v.Bundle != "" {
		if err := published.CheckBundle(c.ctx, v.Bundle, w.report); err != nil {
			return err
		}
		return w.err()
	}
	site, err := published.At(v.URL)
	if err != nil {
		return usageError{"--url: " + err.Error()}
	}
	if err := site.Check(c.ctx, w.report); err != nil {
		return err
	}
	return w.err()
}

// verdict prints findings and keeps the first broken one.
type verdict struct {
	c       *console
	meeting string
	broken  *verification.Finding
	where   string
}

func (v *verdict) report(meeting string, f verification.Finding) {
	if meeting != v.meeting {
		fmt.Fprintln(v.c.Out, printable("meeting "+meeting))
		v.meeting = meeting
	}
	fmt.Fprintln(v.c.Out, printable(f.String()))
	if f.State == verification.Broken && v.broken == nil {
		v.broken, v.where = &f, meeting
	}
}

func (v *verdict) err() error {
	if v.broken == nil {
		return nil
	}
	text := v.broken.Fact + ": " + v.broken.Detail
	if v.where != "" {
		text = "meeting " + v.where + ": " + text
	}
	return errors.New("broken: " + printable(text))
}

// printable takes from a stranger's text what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
