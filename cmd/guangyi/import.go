package main

import (
	"fmt"
	"os"
	"path/filepath"

	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/actor"
	"guangyi/internal/server"
)

type importCommand struct {
	Draft       importDraft       `cmd:"" help:"Make a consultation in preparation from a document."`
	Submissions importSubmissions `cmd:"" help:"Bring in submissions from a table."`
	Survey      importSurvey      `cmd:"" help:"Bring in responses to a survey from a table."`
	Meetings    importMeetings    `cmd:"" help:"Bring in past meetings with their published figures."`
}

// Help shows an example.
func (importCommand) Help() string { return importDraft{}.Help() }

type importDraft struct {
	Org  string `required:"" help:"Slug of the organisation."`
	File string `arg:"" help:"Markdown or text file."`
}

// Help shows an example.
func (importDraft) Help() string {
	return "Example: guangyi import draft --org yunzhou-amr draft.md"
}

// Run makes the consultation and prints its slug as the last word.
func (i *importDraft) Run(c *console) error {
	raw, err := os.ReadFile(i.File)
	if err != nil {
		return err
	}
	text, err := outline.Decode(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	return c.services(func(s *server.Services) error {
		o, err := s.Organisations.BySlug(c.ctx, i.Org)
		if err != nil {
			return fmt.Errorf("there is no organisation %q; make it with guangyi org add", i.Org)
		}
		made, err := s.Consultations.ImportDraft(c.ctx, actor.Console(), o.ID, draft.Source{
			Name: filepath.Base(i.File), Format: string(outline.FormatOf(i.File)), Text: text,
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(c.Out, made.Slug)
		return nil
	})
}
