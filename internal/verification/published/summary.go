package published

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"guangyi/internal/verification"
)

// summaries checks the published summaries of consultations, and that the site
// shows every one that the log holds.
func (s *Site) summaries(ctx context.Context, log *checked, slugs []string, report Report) error {
	if log == nil || log.whole == nil {
		return nil
	}
	if s.kind == "" {
		for _, slug := range log.whole.Summarised() {
			if !slices.Contains(slugs, slug) {
				slugs = append(slugs, slug)
			}
		}
	}
	for _, slug := range slugs {
		if err := s.summary(ctx, log, slug, report); err != nil {
			return err
		}
	}
	return nil
}

func (s *Site) summary(ctx context.Context, log *checked, slug string, report Report) error {
	about := "consultation " + slug
	at := s.api("consultations", slug, "summary")
	var published verification.Summary
	status, err := s.get(ctx, at, &published)
	switch {
	case err != nil:
		return err
	case status == http.StatusNotFound && slices.Contains(log.whole.Summarised(), slug):
		report(about, verification.Missing(slug))
		return nil
	case status == http.StatusNotFound:
		return s.unpublished(ctx, log, slug, report)
	case status != http.StatusOK:
		return fmt.Errorf("%s answered %d", at, status)
	}
	account, err := s.account(ctx, slug)
	if err != nil {
		return err
	}
	defer account.Close()
	findings, err := log.whole.CheckSummary(slug, published, account, s.o.Now())
	if err != nil {
		return fmt.Errorf("the account of %s: %w", slug, err)
	}
	for _, f := range findings {
		report(about, f)
	}
	if c, err := log.keys.Open(published.Checkpoint); err == nil && c.Note != log.newest.Note {
		return s.continues(ctx, log, c, about, report)
	}
	return nil
}

// unpublished says of a consultation without a summary what the log has.
func (s *Site) unpublished(ctx context.Context, log *checked, slug string, report Report) error {
	at := s.api("consultations", slug)
	status, err := s.get(ctx, at, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("there is no consultation %q: %s answered %d", slug, at, status)
	}
	if err != nil {
		return err
	}
	n := 0
	if r := log.whole.Record(slug); r != nil {
		n = r.Submissions()
	}
	report("consultation "+slug, verification.Finding{Fact: verification.FactSummary, State: verification.Unchecked,
		Detail: fmt.Sprintf("no summary is published yet; the log holds %d submissions", n)})
	return nil
}

// account opens the account of a published summary, which is read as it comes.
func (s *Site) account(ctx context.Context, slug string) (io.ReadCloser, error) {
	at := s.base.JoinPath("consultations", slug, "summary", "account.txt")
	answer, err := s.ask(ctx, s.stream, at)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("%s answered %d", at, answer.StatusCode)
	}
	return answer.Body, nil
}
