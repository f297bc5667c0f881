// Package published fetches what a site has published, over HTTP or from a
// bundle, and has it recomputed by package verification. What it reads comes
// from strangers: every answer is bounded in size and time, and no redirect leads
// to another host.
package published

import (
	"context"
	"errors"
	"fmt"
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
	streamWithin = time.Hour // for an answer that is read as it comes
	mostWait     = time.Minute
	mostTries    = 5 // of a request that is asked to come later
)

// Report receives findings as they are made; about says of what: "consultation
// ebike", "meeting 2026-12-18", "receipt 26-000123-4", or "" for what concerns the
// whole site.
type Report func(about string, f verification.Finding)

// Facts beside those of a record.
const (
	FactLog     = "log"          // the register of submissions
	FactDraw    = "draw"         // a meeting's draw is there
	FactMeeting = "draw.meeting" // the record is of the meeting that was asked for
)

// Options say what else is checked, and how.
type Options struct {
	Secret   string               // of the receipt whose page is asked for
	Receipts []Receipt            // more receipts to look up
	Proofs   []verification.Proof // kept from earlier: the log must continue them
	Keep     string               // folder of a copy to compare with and to bring up to date
	Now      func() time.Time     // nil: the system's clock
	Progress func(entries int)    // called now and then; may be nil
}

// Receipt is an acknowledgement as the site gave it.
type Receipt struct {
	Number   string `json:"receipt"`
	Secret   string `json:"secret"`
	LeafHash string `json:"leaf_hash"`
}

// Site is a site, or one page of it.
type Site struct {
	base   *url.URL
	kind   string // "" for all of it, else consultations, meetings or receipts
	name   string // slug or number
	o      Options
	client *http.Client
	stream *http.Client // for long answers
}

// At reads an address: of a site, or of a page of one of its consultations,
// meetings or receipts. The error says what an address looks like.
func At(address string, o Options) (*Site, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no address of a site; one looks like https://example.org or https://example.org/consultations/markets", address)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Site{base: &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}, o: o}
	for _, kind := range []string{"consultations", "meetings", "receipts"} {
		folder, rest, one := strings.Cut(u.Path+"/", "/"+kind+"/")
		if !one {
			continue
		}
		s.base.Path = folder
		if s.name, _, _ = strings.Cut(rest, "/"); s.name != "" {
			s.kind = kind
		}
		break
	}
	s.base.Path = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(s.base.Path, "/"), "/log"), "/")
	s.client = &http.Client{Timeout: answerWithin, CheckRedirect: s.sameHost}
	s.stream = &http.Client{Timeout: streamWithin, CheckRedirect: s.sameHost}
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
	log, err := s.log(ctx, report)
	if err != nil {
		return err
	}
	switch s.kind {
	case "receipts":
		return s.receipt(ctx, log, Receipt{Number: s.name, Secret: s.o.Secret}, report)
	case "meetings":
		if err := s.exists(ctx); err != nil {
			return err
		}
		return s.draw(ctx, s.name, report)
	case "consultations":
		if err := s.summaries(ctx, log, []string{s.name}, report); err != nil {
			return err
		}
	default:
		if err := s.everything(ctx, log, report); err != nil {
			return err
		}
	}
	for _, r := range s.o.Receipts {
		if err := s.receipt(ctx, log, r, report); err != nil {
			return err
		}
	}
	return nil
}

// everything checks all published summaries and draws.
func (s *Site) everything(ctx context.Context, log *checked, report Report) error {
	slugs, err := s.slugs(ctx, s.api("consultations"), "status", "summarised")
	if err != nil {
		return err
	}
	if err := s.summaries(ctx, log, slugs, report); err != nil {
		return err
	}
	if slugs, err = s.slugs(ctx, s.api("meetings")); err != nil {
		return err
	}
	if len(slugs) == 0 {
		report("", verification.Finding{Fact: FactDraw, State: verification.Unchecked, Detail: "no meeting is published there"})
	}
	for _, slug := range slugs {
		if err := s.draw(ctx, slug, report); err != nil {
			return err
		}
	}
	return nil
}

type slugPage struct {
	Items []struct {
		Slug string `json:"slug"`
	} `json:"items"`
	Next *string `json:"next"`
}

// slugs lists what a list of the site holds, page by page; none when there is no
// such list.
func (s *Site) slugs(ctx context.Context, first *url.URL, query ...string) (slugs []string, err error) {
	at := with(first, query...)
	for range mostPages {
		var page slugPage
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
		if at, err = s.next(at, *page.Next); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: the list has more than %d pages", first, mostPages)
}

func (s *Site) exists(ctx context.Context) error {
	at := s.api("meetings", s.name)
	status, err := s.get(ctx, at, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("there is no meeting %q: %s answered %d", s.name, at, status)
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
		report("meeting "+slug, verification.Finding{Fact: FactDraw, State: verification.Unchecked, Detail: "no draw is published"})
	default:
		return fmt.Errorf("%s answered %d", at, status)
	}
	return nil
}

// record reports what a record of a meeting says.
func record(ctx context.Context, slug string, r sortition.Record, report Report) {
	if slug != "" && r.Meeting != slug {
		report("meeting "+slug, verification.Finding{Fact: FactMeeting, State: verification.Broken, Detail: fmt.Sprintf("the record is of the meeting %q", r.Meeting)})
	}
	for _, f := range verification.CheckRecord(ctx, r) {
		report("meeting "+r.Meeting, f)
	}
}
