package main

import (
	"encoding/json"
	"fmt"
	"os"

	"guangyi/internal/draft/outline"
)

type parseCommand struct {
	File   string `arg:"" help:"Markdown or text file."`
	Format string `default:"json" enum:"json,text" help:"json or text."`
}

// Help shows an example.
func (parseCommand) Help() string {
	return "Example: guangyi parse draft.md --format text"
}

// Run prints the provisions.
func (p *parseCommand) Run(c *console) error {
	raw, err := os.ReadFile(p.File)
	if err != nil {
		return err
	}
	text, err := outline.Decode(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", p.File, err)
	}
	o := outline.Parse(text, outline.FormatOf(p.File))
	if p.Format == "text" {
		return outline.WriteText(c.Out, o)
	}
	rows := o.Provisions
	if rows == nil {
		rows = []outline.Provision{}
	}
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(rows)
}
