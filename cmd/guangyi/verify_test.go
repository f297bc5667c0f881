package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guangyi/internal/sortition"
)

// drawnMeeting is a site with one drawn meeting, whose record may be tampered with.
func drawnMeeting(t *testing.T, tamper func(*sortition.Record)) string {
	t.Helper()
	p := sortition.Pool{Categories: []string{"sex"}, Panel: 2}
	for _, number := range strings.Split("abcdefghij", "") {
		p.People = append(p.People, sortition.Person{ID: number, Features: []string{"w"}})
	}
	d, err := sortition.Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.Lottery(p, 10)
	if err != nil {
		t.Fatal(err)
	}
	r := sortition.NewRecord(p, d, l)
	r.Meeting, r.PublishedAt = "2026-12-18", time.Date(2026, 12, 11, 4, 0, 0, 0, time.UTC)
	r.Source = sortition.Source{Kind: sortition.SourceNumber, Name: "福彩3D", Digits: 1, Derivation: sortition.ByDigits, NamedAt: r.PublishedAt}
	result, err := r.Draw("4", nil, r.PublishedAt.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r.Result = &result
	tamper(&r)
	site := http.NewServeMux()
	site.HandleFunc("GET /api/v1/log/checkpoint", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotImplemented) })
	site.HandleFunc("GET /api/v1/meetings/2026-12-18", func(http.ResponseWriter, *http.Request) {})
	site.HandleFunc("GET /api/v1/meetings/2026-12-18/draw", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(r) })
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server.URL + "/meetings/2026-12-18"
}

func TestVerifyPrintsEachFact(t *testing.T) {
	status, out, errs := guangyi(t, nil, "verify", "--url", drawnMeeting(t, func(*sortition.Record) {}))
	if status != 0 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	for _, want := range []string{"unchecked log: the log is not yet kept there", "meeting 2026-12-18\n", "holds     draw.chances: ", "holds     draw.selected: the selected are panel 4\n", "unchecked draw.seed: compare the seed 4 with what 福彩3D"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

func TestVerifyEndsWithTheFirstBrokenFact(t *testing.T) {
	status, out, errs := guangyi(t, nil, "verify", "--url", drawnMeeting(t, func(r *sortition.Record) { r.Result.Seed = "\x1b[2J5" }))
	if status != exitFailed || !strings.HasPrefix(errs, "guangyi: broken: meeting 2026-12-18: draw.index: ") {
		t.Errorf("status %d, %s", status, errs)
	}
	if strings.Contains(out+errs, "\x1b") {
		t.Error("a stranger's text commands the terminal")
	}
	status, _, errs = guangyi(t, nil, "verify", "--url", drawnMeeting(t, func(r *sortition.Record) { r.Panels[3] = []string{"a", "z"} }))
	if status != exitFailed || !strings.Contains(errs, "draw.panels") {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestVerifyRefusesAWrongCall(t *testing.T) {
	for _, args := range [][]string{{}, {"--url", "example"}, {"--url", "https://example.org", "bundle.zip"}} {
		if status, _, errs := guangyi(t, nil, append([]string{"verify"}, args...)...); status != exitUsage || errs == "" {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
	if status, _, errs := guangyi(t, nil, "verify", filepath.Join(t.TempDir(), "none.zip")); status != exitFailed || !strings.Contains(errs, "none.zip") {
		t.Errorf("a missing bundle: status %d, %s", status, errs)
	}
}
