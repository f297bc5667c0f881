package published_test

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

// record is of a meeting with 20 applicants for 4 seats, drawn.
func record(t *testing.T, meeting string) sortition.Record {
	t.Helper()
	p := sortition.Pool{Categories: []string{"sex"}, Panel: 4, Quotas: []sortition.Quota{{Category: "sex", Feature: "w", Min: 2, Max: 4}}}
	for i := range 20 {
		p.People = append(p.People, sortition.Person{ID: string(rune('A' + i)), Features: []string{[]string{"m", "w", "w", "m", "m"}[i%5]}})
	}
	d, err := sortition.Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.Lottery(p, 100)
	if err != nil {
		t.Fatal(err)
	}
	r := sortition.NewRecord(p, d, l)
	r.Meeting, r.Nonce, r.PublishedAt = meeting, "0123456789abcdef", time.Date(2026, 12, 11, 4, 0, 0, 0, time.UTC)
	r.Source = sortition.Source{Kind: sortition.SourceWitnessed, Name: "drawn at the town hall", Digits: 2, Derivation: sortition.ByDigits, NamedAt: r.PublishedAt}
	result, err := r.Draw("47", nil, r.PublishedAt.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r.Result = &result
	return r
}

// answers is a site as a map from paths to what it says; what is not there is 404.
type answers map[string]any

func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	said, there := a[r.URL.RequestURI()]
	switch said := said.(type) {
	case int:
		w.WriteHeader(said)
	case string:
		http.Redirect(w, r, said, http.StatusFound)
	case func(http.ResponseWriter):
		said(w)
	default:
		if !there {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(said)
	}
}

func list(next any, slugs ...string) map[string]any {
	items := []map[string]string{}
	for _, slug := range slugs {
		items = append(items, map[string]string{"slug": slug})
	}
	return map[string]any{"items": items, "next": next}
}

// check runs against a site and returns its findings as "meeting fact state".
func check(t *testing.T, site http.Handler, path string) ([]string, error) {
	t.Helper()
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	at, err := published.At(server.URL+path, published.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	err = at.Check(t.Context(), gather(&out))
	return out, err
}

func gather(out *[]string) published.Report {
	return func(about string, f verification.Finding) {
		*out = append(*out, strings.TrimSpace(strings.TrimPrefix(about, "meeting ")+" "+f.Fact)+" "+string(f.State))
	}
}

func broken(findings []string) []string {
	return slices.DeleteFunc(slices.Clone(findings), func(f string) bool { return !strings.HasSuffix(f, "broken") })
}

func TestASiteWithoutALogHasItsDrawsChecked(t *testing.T) {
	site := answers{
		"/api/v1/log/checkpoint":      501,
		"/api/v1/meetings":            list("/api/v1/meetings?cursor=2", "one", "two"),
		"/api/v1/meetings?cursor=2":   list(nil, "three"),
		"/api/v1/meetings/one/draw":   record(t, "one"),
		"/api/v1/meetings/three/draw": record(t, "three"),
	}
	got, err := check(t, site, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"log unchecked", "one draw.chances holds", "one draw.selected holds", "two draw unchecked", "three draw.chances holds"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	if wrong := broken(got); len(wrong) > 0 {
		t.Errorf("%q", wrong)
	}
}

func TestOneMeetingIsFoundByAnyOfItsPages(t *testing.T) {
	site := answers{"/api/v1/meetings/one": map[string]string{"slug": "one"}, "/api/v1/meetings/one/draw": record(t, "one")}
	for _, path := range []string{"/meetings/one", "/meetings/one/", "/meetings/one/draw?lang=en#result"} {
		got, err := check(t, site, path)
		if err != nil || !slices.Contains(got, "one draw.selected holds") {
			t.Errorf("%s: %q %v", path, got, err)
		}
	}
	if _, err := check(t, site, "/meetings/other"); err == nil {
		t.Error("a meeting that is not there passes")
	}
}

func TestATamperedDrawIsReported(t *testing.T) {
	r := record(t, "one")
	r.Result.Index = 48
	got, err := check(t, answers{"/api/v1/meetings": list(nil, "one"), "/api/v1/meetings/one/draw": r}, "/")
	if err != nil || !slices.Equal(broken(got), []string{"one draw.index broken"}) {
		t.Errorf("%q %v", got, err)
	}
	got, err = check(t, answers{"/api/v1/meetings": list(nil, "two"), "/api/v1/meetings/two/draw": record(t, "one")}, "/")
	if err != nil || !slices.Equal(broken(got), []string{"two draw.meeting broken"}) {
		t.Errorf("another meeting's record: %q %v", got, err)
	}
}

func TestFetchingIsBounded(t *testing.T) {
	elsewhere := httptest.NewServer(answers{"/": list(nil)})
	defer elsewhere.Close()
	other := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	endless := func(w http.ResponseWriter) {
		block := make([]byte, 1<<20)
		for i := range block {
			block[i] = ' '
		}
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	for name, tc := range map[string]struct {
		site answers
		want string
	}{
		"a redirect to another host":  {answers{"/api/v1/meetings": other}, "another host"},
		"a next page elsewhere":       {answers{"/api/v1/meetings": list(other)}, "another host"},
		"a redirect in circles":       {answers{"/api/v1/meetings": "/api/v1/meetings"}, "circles"},
		"a list that never ends":      {answers{"/api/v1/meetings": list("/api/v1/meetings")}, "more than 1000 pages"},
		"an answer without end":       {answers{"/api/v1/meetings": endless}, "more than 64 MiB"},
		"a page where JSON should be": {answers{"/api/v1/meetings": "/page", "/page": func(w http.ResponseWriter) { _, _ = w.Write([]byte("<p>")) }}, "not the JSON"},
		"a failing site":              {answers{"/api/v1/meetings": 500}, "answered 500"},
	} {
		if _, err := check(t, tc.site, ""); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{"", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https://me:secret@example.org", "::"} {
		if _, err := published.At(address, published.Options{}); err == nil {
			t.Errorf("%q passes", address)
		}
	}
}

func bundle(t *testing.T, files map[string]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bundle.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, content := range files {
		w, err := z.Create(name)
		if err == nil {
			err = json.NewEncoder(w).Encode(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBundles(t *testing.T) {
	full := record(t, "one")
	full.Categories = append(full.Categories, "district")
	for i := range full.People {
		full.People[i].Features = append(full.People[i].Features, map[bool]string{true: "island", false: "mainland"}[i == 0])
	}
	result, err := full.Draw("47", nil, full.Result.KnownAt)
	if err != nil {
		t.Fatal(err)
	}
	full.Result = &result
	public, err := sortition.Redact(full, sortition.RedactionThreshold)
	if err != nil || public.Redaction == nil {
		t.Fatal(err)
	}
	other := full
	other.Nonce = "fedcba9876543210"
	for name, tc := range map[string]struct {
		files map[string]any
		want  string
		wrong []string
	}{
		"record alone":      {map[string]any{"draw.json": full}, "one draw.reserves holds", nil},
		"public and full":   {map[string]any{"draw.json": public, "draw-full.json": full}, "one draw.digest holds", nil},
		"another full one":  {map[string]any{"draw.json": public, "draw-full.json": other}, "one draw.pool holds", []string{"one draw.digest broken"}},
		"public form alone": {map[string]any{"draw.json": public}, "one draw.chances unchecked", nil},
	} {
		var got []string
		err := published.CheckBundle(t.Context(), bundle(t, tc.files), gather(&got))
		if err != nil || !slices.Contains(got, tc.want) || !slices.Equal(broken(got), tc.wrong) && len(broken(got))+len(tc.wrong) > 0 {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if err := published.CheckBundle(t.Context(), bundle(t, map[string]any{"x.json": 1}), nil); !errors.Is(err, published.ErrBundle) {
		t.Errorf("a bundle without a draw: %v", err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := published.CheckBundle(t.Context(), plain, nil); !errors.Is(err, published.ErrBundle) {
		t.Errorf("no archive: %v", err)
	}
}
