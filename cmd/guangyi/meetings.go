package main

import (
	"fmt"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/server"
)

type importMeetings struct {
	Org    string `required:"" help:"Slug of the organisation."`
	Lang   string `name:"text-lang" default:"ca" help:"Language of the texts, as a tag: ca, zh-CN, en."`
	DryRun bool   `help:"Only report, row by row."`
	File   string `arg:"" help:"CSV, XLSX or JSONL file with the columns ID de cita, Títol and Data (or id, title, date); also Descripció, Adreça, Districte, Categoria, Subcategoria, Assistents, Propostes, Intervencions, URL."`
}

// Help shows an example.
func (importMeetings) Help() string {
	return "Example: guangyi import meetings --org barcelona meetings.csv"
}

// Run brings past meetings in. Exit status 0 also when single rows were refused:
// they are listed, and the rest went in.
func (i *importMeetings) Run(c *console) error {
	rows, err := sheet.Open(i.File)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	defer rows.Close()
	return c.services(func(s *server.Services) error {
		o, err := s.Organisations.BySlug(c.ctx, i.Org)
		if err != nil {
			return fmt.Errorf("there is no organisation %q; make it with guangyi org add", i.Org)
		}
		l := s.Bundle.Locale("en", "en")
		bulk := meeting.Bulk{Organisation: o.ID, Lang: i.Lang, Zone: s.Settings.Location(), DryRun: i.DryRun}
		report, err := s.Meetings.Import(c.ctx, actor.Console(), bulk, rows, func(f meeting.Finding) {
			name := ""
			if f.Name != "" {
				name = " (" + f.Name + ")"
			}
			fmt.Fprintf(c.Err, "line %d, column %d%s: %s\n", f.Line, f.Column, name, web.Message(l, f.Code, f.Args...))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", i.File, err)
		}
		fmt.Fprintf(c.Out, "rows %d, taken %d, repeated %d, refused %d\n", report.Rows, report.Taken, report.Repeated, report.Refused)
		return nil
	})
}

// namedMeeting says which meeting there is none of; other errors stay as they are.
func namedMeeting(slug string, err error) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return fmt.Errorf("there is no meeting %q: check its slug", slug)
	}
	return err
}
