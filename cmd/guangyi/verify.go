package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

type verifyCommand struct {
	URL      string   `name:"url" placeholder:"URL" help:"Address of a site, or of a page of one of its consultations, meetings or receipts."`
	Secret   string   `placeholder:"SECRET" help:"Secret of the receipt whose page is asked for: its words are then checked too."`
	Receipts string   `placeholder:"FILE" help:"File of acknowledgements as the API gave them, one JSON object a line (receipt, secret, leaf_hash): each is looked up."`
	Proof    []string `placeholder:"FILE" help:"Proof of a receipt that was saved earlier; the log of today must continue it. Repeatable."`
	Keep     string   `placeholder:"FOLDER" help:"Compare the log with the copy in this folder and bring the copy up to date; the first time it is made."`
	Bundle   string   `arg:"" optional:"" name:"bundle" help:"ZIP file that the page of the register, of a summary or of a meeting offers: it is checked without network."`
}

// Help shows an example.
func (verifyCommand) Help() string {
	return `Example: guangyi verify --url https://example.org --keep copy
A receipt: guangyi verify --url https://example.org/receipts/26-000123-4 --secret 12345-67890
Off line: guangyi verify bundle.zip
Prints each fact as holds, broken or unchecked (what the public data do not tell), and ends with status 1 and the first broken fact where one does not hold. Entries of the register are counted from 0.`
}

// Run prints every fact; the first broken one is the error.
func (v *verifyCommand) Run(c *console) error {
	if (v.URL == "") == (v.Bundle == "") {
		return usageError{"verify needs either --url URL or a BUNDLE.zip"}
	}
	w := &verdict{c: c}
	if v.Bundle != "" {
		if v.Keep != "" || v.Receipts != "" || len(v.Proof) > 0 {
			return usageError{"--keep, --receipts and --proof go with --url"}
		}
		return w.err(published.CheckBundle(c.ctx, v.Bundle, w.report))
	}
	o, err := v.options(c)
	if err != nil {
		return err
	}
	site, err := published.At(v.URL, o)
	if err != nil {
		return usageError{"--url: " + err.Error()}
	}
	return w.err(site.Check(c.ctx, w.report))
}

func (v *verifyCommand) options(c *console) (published.Options, error) {
	o := published.Options{Secret: v.Secret, Keep: v.Keep, Progress: c.progress("entries")}
	for _, name := range v.Proof {
		raw, err := os.ReadFile(name)
		if err != nil {
			return o, err
		}
		p, err := published.ReadProof(raw)
		if err != nil {
			return o, fmt.Errorf("%s is no proof of a receipt: %w", name, err)
		}
		o.Proofs = append(o.Proofs, p)
	}
	if v.Receipts == "" {
		return o, nil
	}
	file, err := os.Open(v.Receipts)
	if err != nil {
		return o, err
	}
	defer file.Close()
	if o.Receipts, err = published.ReadReceipts(file); err != nil {
		return o, fmt.Errorf("%s: %w", v.Receipts, err)
	}
	return o, nil
}

// verdict prints findings and keeps the first broken one.
type verdict struct {
	c      *console
	about  string
	broken *verification.Finding
	where  string
}

func (v *verdict) report(about string, f verification.Finding) {
	if about != v.about {
		fmt.Fprintln(v.c.Out, printable(about))
		v.about = about
	}
	fmt.Fprintln(v.c.Out, printable(f.String()))
	if f.State == verification.Broken && v.broken == nil {
		v.broken, v.where = &f, about
	}
}

// err is the first broken fact; when there is none, what kept the check from its
// end.
func (v *verdict) err(fetching error) error {
	if v.broken == nil {
		return fetching
	}
	text := v.broken.Fact + ": " + v.broken.Detail
	if v.where != "" {
		text = v.where + ": " + text
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
