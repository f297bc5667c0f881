// Package published fetches what a site has published, over HTTP or from a
// bundle, and has it recomputed by package verification. What it reads comes
// from strangers: every answer is bounded in size and time, and no redirect leads
// to another host.
package published

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// Limits of what is read.
const (
	mostBytes    = 64 << 20 // of one answer, or of one file in a bundle
	mostPages    = 1000     // of a list
	mostHops     = 5        // redirects within the host
	answerWithin = time.Minute
)

// Report receives findings as they are made; meeting is "" for those that
// concern the whole site.
type Report func(meeting string, f verification.Finding)

// Facts beside those of a record.
const (
	FactLog     = "log"          // the register of submissions
	FactDraw    = "draw"         // a meeting's draw is there
	FactMeeting = "draw.meeting" // the record is of the meeting that was asked for
)

// Site is a site, or one meeting of it.
type Site struct {
	base    *url.URL
	meeting string // slug, "" for all
	client  *http.Client
}

// At reads an address: of a site, or of a page of one of its meetings. The error
// says what an address looks like.
func At(address string) (*Site, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no address of a site; one looks like https://example.org or https://example.org/meetings/2026-12-18", address)
	}
	s := &Site{base: &url.URL{Scheme: u.Scheme, Host: u.Host}}
	folder, rest, one := strings.Cut(u.Path, "/meetings/")
	if s.base.Path = strings.TrimRight(folder, "/"); one {
		s.meeting, _, _ = strings.Cut(rest, "/")
	}
	s.base.Path = strings.TrimSuffix(s.base.Path, "/meetings")
	s.client = &http.Client{Timeout: answerWithin, CheckRedirect: s.sameHost}
	return s, nil
}

func (s *Site) sameHost(next *http.Request, via []*http.Request) error {
	switch {
	case next.URL.Hostname() != s.base.Hostname():
		return fmt.Errorf("it leads to another host, %s", next.URL.Host)
	case s.base.Scheme == "https" && next.URL.Scheme != "https":
		return errors.New("it leads from https to http")
	case len(via) >= mostHops:
		return errors.New("it leads in circles")
	}
	return nil
}

// Check fetches and recomputes. The error is one of fetching; broken facts are
// findings.
func (s *Site) Check(ctx context.Context, report Report) error {
	if err := s.log(ctx, report); err != nil {
		return err
	}
	slugs := []string{s.meeting}
	if s.meeting == "" {
		var err error
		if slugs, err = s.meetings(ctx); err != nil {
			return err
		}
		if len(slugs) == 0 {
			report("", verification.Finding{Fact: FactDraw, State: verification.Unchecked, Detail: "no meeting is published there"})
		}
	} else if err := s.exists(ctx); err != nil {
		return err
	}
	for _, slug := range slugs {
		if err := s.draw(ctx, slug, report); err != nil {
			return err
		}
	}
	return nil
}

// log says whether the site keeps its register.
func (s *Site) log(ctx context.Context, report Report) error {
	status, err := s.get(ctx, s.api("log", "checkpoint"), nil)
	if err != nil {
		return err
	}
	f := verification.Finding{Fact: FactLog, State: verification.Unchecked, Detail: "the log is not yet kept there; the draws are checked"}
	if status == http.StatusOK {
		f.Detail = "the log is kept there; this version of the program checks the draws"
	}
	report("", f)
	return nil
}

type meetingsPage struct {
	Items []struct {
		Slug string `json:"slug"`
	} `json:"items"`
	Next *string `json:"next"`
}

// meetings lists the slugs of all published meetings.
func (s *Site) meetings(ctx context.Context) (slugs []string, err error) {
	at := s.api("meetings")
	for range mostPages {
		var page meetingsPage
		status, err := s.get(ctx, at, &page)
		if err != nil {
			return nil, err
		}
		if status == http.StatusNotFound || status == http.StatusNotImplemented {
			return slugs, nil
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("%s answered %d", at, status)
		}
		for _, item := range page.Items {
			slugs = append(slugs, item.Slug)
		}
		if page.Next == nil || *page.Next == "" {
			return slugs, nil
		}
		next, err := at.Parse(*page.Next)
		if err != nil {
			return nil, fmt.Errorf("%s: its next page has no address: %w", at, err)
		}
		if err := s.sameHost(&http.Request{URL: next}, nil); err != nil {
			return nil, fmt.Errorf("%s: its next page: %w", at, err)
		}
		at = next
	}
	return nil, fmt.Errorf("%s: the list has more than %d pages", s.api("meetings"), mostPages)
}

func (s *Site) exists(ctx context.Context) error {
	at := s.api("meetings", s.meeting)
	status, err := s.get(ctx, at, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("there is no meeting %q: %s answered %d", s.meeting, at, status)
	}
	return err
}

func (s *Site) draw(ctx context.Context, slug string, report Report) error {
	at := s.api("meetings", slug, "draw")
	var r sortition.Record
	status, err := s.get(ctx, at, &r)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusOK:
		record(ctx, slug, r, report)
	case http.StatusNotFound, http.StatusNotImplemented:
		report(slug, verification.Finding{Fact: FactDraw, State: verification.Unchecked, Detail: "no draw is published"})
	default:
		return fmt.Errorf("%s answered %d", at, status)
	}
	return nil
}

// record reports what a record of a meeting says.
func record(ctx context.Context, slug string, r sortition.Record, report Report) {
	if slug != "" && r.Meeting != slug {
		report(slug, verification.Finding{Fact: FactMeeting, State: verification.Broken, Detail: fmt.Sprintf("the record is of the meeting %q", r.Meeting)})
	}
	for _, f := range verification.CheckRecord(ctx, r) {
		report(r.Meeting, f)
	}
}

func (s *Site) api(parts ...string) *url.URL {
	u := s.base.JoinPath("api", "v1")
	for _, part := range parts {
		u = u.JoinPath(url.PathEscape(part))
	}
	return u
}

// get reads JSON into a value where the answer is 200; nil reads nothing.
func (s *Site) get(ctx context.Context, at *url.URL, into any) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "guangyi-verify")
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || into == nil {
		return answer.StatusCode, nil
	}
	if err := decode(answer.Body, into); err != nil {
		return 0, fmt.Errorf("%s: %w", at, err)
	}
	return answer.StatusCode, nil
}

var errTooLarge = fmt.Errorf("more than %d MiB", mostBytes>>20)

// decode reads one JSON value of bounded size and nothing behind it.
func decode(from io.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(from, mostBytes+1))
	if err != nil {
		return err
	}
	if len(text) > mostBytes {
		return errTooLarge
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("not the JSON that was expected: %w", err)
	}
	return nil
}
