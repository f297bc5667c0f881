package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/server"
	"guangyi/internal/submission"
)

type importSubmissions struct {
	Consultation string `required:"" help:"Slug of the consultation."`
	Channel      string `required:"" help:"Channel on which they came: letter, phone, seminar, import …"`
	DryRun       bool   `help:"Only report, row by row."`
	File         string `arg:"" help:"CSV, XLSX or JSONL file with a column text (意见内容); also provision, proposed_text, name, email, phone, region, kind, received_at, id."`
}

// Help shows an example.
func (importSubmissions) Help() string {
	return "Example: guangyi import submissions --consultation ebike --channel letter --dry-run letters.xlsx"
}

// Run takes the rows in. Exit status 0 also when single rows were refused: they
// are listed, and the rest went in.
func (i *importSubmissions) Run(c *console) error {
	if !slices.Contains(consultation.Channels, i.Channel) {
		return usageError{fmt.Sprintf("--channel %q is none: choose one of %s", i.Channel, strings.Join(consultation.Channels, ", "))}
	}
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
		report, err := s.Submissions.Import(c.ctx, actor.Console(), submission.Bulk{
			Consultation: i.Consultation, Channel: i.Channel, Sum: sum, DryRun: i.DryRun,
		}, rows, submission.Watching{Finding: func(f submission.Finding) { c.finding(l, f) }, Progress: c.progress("rows")})
		if err != nil {
			return named(i.Consultation, err)
		}
		fmt.Fprintf(c.Out, "rows %d, taken %d, repeated %d, refused %d\n", report.Rows, report.Taken, report.Repeated, report.Refused)
		return nil
	})
}

func (c *console) finding(l *i18n.Locale, f submission.Finding) {
	name := ""
	if f.Name != "" {
		name = " (" + f.Name + ")"
	}
	fmt.Fprintf(c.Err, "line %d, column %d%s: %s\n", f.Line, f.Column, name, web.Message(l, f.Code, f.Args...))
}

func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// progress shows a bar on a terminal and nothing elsewhere.
func (c *console) progress(what string) func(int) {
	f, ok := c.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionShowCount())
	return func(n int) { _ = bar.Set(n) } // a bar that cannot be drawn harms nothing
}

type exportCommand struct {
	What         string `arg:"" enum:"summary,submissions,survey,representatives" help:"summary, submissions, survey (a row a response, without who sent it) or representatives."`
	Consultation string `help:"Slug of the consultation, for summary, submissions and survey."`
	Meeting      string `help:"Slug of the meeting, for representatives."`
	Format       string `default:"csv" enum:"csv,xlsx,json" help:"csv, xlsx or json."`
	Output       string `short:"o" required:"" help:"File to write; - for standard output."`
}

// Help shows an example.
func (exportCommand) Help() string {
	return "Example: guangyi export submissions --consultation ebike --format xlsx -o comments.xlsx"
}

// Run writes the file: complete, or not at all.
func (e *exportCommand) Run(c *console) error {
	if err := e.check(); err != nil {
		return err
	}
	if e.What == "representatives" {
		return c.services(func(s *server.Services) error {
			return e.to(c, func(w io.Writer) error {
				return namedMeeting(e.Meeting, s.Meetings.Export(c.ctx, actor.Console(), e.Meeting, w, sheet.Format(e.Format)))
			})
		})
	}
	return c.services(func(s *server.Services) error {
		write := func(w io.Writer) error {
			switch e.What {
			case "summary":
				return s.Adoption.Export(c.ctx, e.Consultation, w, sheet.Format(e.Format))
			case "survey":
				return s.Surveys.Export(c.ctx, actor.Console(), e.Consultation, w, sheet.Format(e.Format))
			}
			return s.Submissions.Export(c.ctx, actor.Console(), e.Consultation, w, sheet.Format(e.Format))
		}
		return named(e.Consultation, e.to(c, write))
	})
}

// check refuses a call that names nothing to write.
func (e *exportCommand) check() error {
	of, slug := "consultation", e.Consultation
	if e.What == "representatives" {
		of, slug = "meeting", e.Meeting
	}
	if slug == "" {
		return usageError{fmt.Sprintf("export %s needs --%s with a slug", e.What, of)}
	}
	return nil
}

// to writes into the file that was named, or on standard output.
func (e *exportCommand) to(c *console, write func(io.Writer) error) error {
	if e.Output == "-" {
		return write(c.Out)
	}
	return replaceFile(e.Output, write)
}

// named says which consultation there is none of; other errors stay as they are.
func named(slug string, err error) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return fmt.Errorf("nothing is there for the consultation %q: check its slug (guangyi import draft printed it; a summary is there once it is published)", slug)
	}
	return err
}

// replaceFile writes beside the file and puts it in its place when it is complete.
// A device or a pipe is written to as it is.
func replaceFile(path string, write func(io.Writer) error) error {
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		os.Remove(part)
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(part, path)
}
