package main

import (
	"fmt"
	"path/filepath"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/server"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

type importSurvey struct {
	Consultation string `required:"" help:"Slug of the consultation."`
	DryRun       bool   `help:"Only report, row by row."`
	File         string `arg:"" help:"CSV, XLSX or JSONL file, a row a response, a column a question (named by number, code or words); also number, kind, region, received_at, language."`
}

// Help shows an example.
func (importSurvey) Help() string {
	return "Example: guangyi import survey --consultation ebike --dry-run answers.xlsx"
}

// Run takes the responses in. Exit status 0 also when single rows were refused: they
// are listed, and the rest went in.
func (i *importSurvey) Run(c *console) error {
	sum, err := fileSum(i.File)
	if err != nil {
		return err
	}
	rows, err := sheet.Open(i.File)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	defer rows.Close()
	return c.services(func(s *server.Services) error {
		l := s.Bundle.Locale("en", "en")
		bulk := survey.Bulk{Consultation: i.Consultation, Sum: sum, Name: filepath.Base(i.File), DryRun: i.DryRun}
		report, err := s.Surveys.Import(c.ctx, actor.Console(), bulk, rows, func(f survey.Finding) { c.finding(l, submission.Finding(f)) })
		if err != nil {
			return named(i.Consultation, err)
		}
		fmt.Fprintf(c.Out, "rows %d, taken %d, repeated %d, refused %d\n", report.Rows, report.Taken, report.Repeated, report.Refused)
		return nil
	})
}
