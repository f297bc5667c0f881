package published_test

import (
	"archive/zip"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

// log is a register without any summary, made from the documented form.
type log struct {
	signer note.Signer
	key    string
	leaves [][]byte
	notes  []string
}

func newLog(t *testing.T, leaves int) *log {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, "example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	l := &log{key: public}
	if l.signer, err = note.NewSigner(secret); err != nil {
		t.Fatal(err)
	}
	l.add(t, leaves)
	return l
}

// add enters submissions and signs once.
func (l *log) add(t *testing.T, n int) {
	t.Helper()
	for range n {
		l.leaves = append(l.leaves, fmt.Appendf(nil, `{"v":2,"kind":"submission","consultation":"markets","channel":"web","received_at":"2026-12-01T08:00:00.000000Z","entered":"sender","parts":1,"commitment":"%064x"}`, len(l.leaves)))
	}
	l.sign(t)
}

func (l *log) sign(t *testing.T) {
	t.Helper()
	var tree verification.Tree
	for _, leaf := range l.leaves {
		tree.Add(tlog.RecordHash(leaf))
	}
	root := tree.Root()
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("example.org/log\n%d\n%s\n", len(l.leaves), base64.StdEncoding.EncodeToString(root[:]))}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	l.notes = append(l.notes, string(signed))
}

// site serves the log as it is at the moment of each request.
func (l *log) site() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /api/v1/log/checkpoint", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, l.notes[len(l.notes)-1]) })
	m.HandleFunc("GET /api/v1/log/key", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, l.key+"\n") })
	m.HandleFunc("GET /api/v1/log/checkpoints", func(w http.ResponseWriter, _ *http.Request) {
		items := []published.CheckpointLine{}
		for _, one := range l.notes {
			items = append(items, published.CheckpointLine{Checkpoint: one})
		}
		answers{"x": map[string]any{"items": items, "next": nil}}.serve(w, "x")
	})
	m.HandleFunc("GET /api/v1/log/entries", func(w http.ResponseWriter, r *http.Request) {
		start, _ := strconv.Atoi(r.FormValue("start"))
		end, _ := strconv.Atoi(r.FormValue("end"))
		entries := []map[string]any{}
		for i := start; i < min(end, len(l.leaves)); i++ {
			hash := tlog.RecordHash(l.leaves[i])
			entries = append(entries, map[string]any{"index": i, "leaf": l.leaves[i], "leaf_hash": hex.EncodeToString(hash[:])})
		}
		answers{"x": map[string]any{"entries": entries}}.serve(w, "x")
	})
	return m
}

func (a answers) serve(w http.ResponseWriter, at string) {
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path = at
	a.ServeHTTP(w, r)
}

// followed checks a site against a copy and gives what was said of the copy.
func followed(t *testing.T, l *log, folder string) []string {
	t.Helper()
	server := httptest.NewServer(l.site())
	defer server.Close()
	site, err := published.At(server.URL, published.Options{Keep: folder})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	err = site.Check(t.Context(), func(_ string, f verification.Finding) {
		if f.Fact == published.FactKept || f.State == verification.Broken {
			out = append(out, f.String())
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func says(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if len(got) < len(want) {
		t.Errorf("%s: %q, want %q", when, got, want)
		return
	}
	for i, w := range want {
		if !strings.Contains(got[i], w) {
			t.Errorf("%s: %q, want %q", when, got[i], w)
		}
	}
}

func TestACopyIsBegunContinuedAndComparedWith(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "copy")
	l := newLog(t, 3)
	says(t, "the first time", followed(t, l, folder), "holds     log.kept: a copy is begun")
	l.add(t, 1500) // more than one answer of the site
	says(t, "later", followed(t, l, folder), "the copy in", "continues the copy of 3 entries")
	says(t, "again", followed(t, l, folder), "holds by itself: 1503 entries", "continues the copy of 1503 entries")

	entries := filepath.Join(folder, published.FileEntries)
	whole, err := os.ReadFile(entries)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(whole), "\n"); n != 1503 {
		t.Errorf("the copy has %d lines", n)
	}
	put := func(raw []byte) {
		if err := os.WriteFile(entries, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A program that was ended while it wrote leaves half a line: it is written anew.
	put(append(slices.Clone(whole), `{"index":1503,"le`...))
	l.add(t, 1)
	says(t, "after a torn line", followed(t, l, folder), "1503 entries", "continues the copy of 1503 entries")
	says(t, "and again", followed(t, l, folder), "1504 entries", "continues the copy of 1504 entries")

	other, err := os.ReadFile(entries)
	if err != nil {
		t.Fatal(err)
	}
	put(slices.Concat(other[:len(other)/2], other[len(other)/2+1:]))
	if got := followedOrFailed(t, l, folder); !strings.Contains(got, "was damaged") && !strings.Contains(got, published.FileEntries) {
		t.Errorf("a damaged copy: %s", got)
	}
	put(other)

	honest := *l
	rewritten := slices.Clone(l.leaves)
	rewritten[700] = []byte(strings.Replace(string(rewritten[700]), "web", "api", 1))
	forged := &log{signer: l.signer, key: l.key, leaves: rewritten}
	forged.sign(t)
	says(t, "a rewritten history", followed(t, forged, folder), "1504 entries", "broken    log.kept: history was rewritten: entry 700, counted from 0")
	short := &log{signer: l.signer, key: l.key, leaves: l.leaves[:10]}
	short.sign(t)
	says(t, "a history cut off", followed(t, short, folder), "1504 entries", "the copy has 1504 entries, the site only 10")
	stranger := newLog(t, 0)
	stranger.leaves = l.leaves
	stranger.notes = nil
	stranger.sign(t)
	says(t, "another key", followed(t, stranger, folder), "1504 entries", "names a key no more")
	says(t, "the honest site", followed(t, &honest, folder), "1504 entries", "continues the copy of 1504 entries")
}

func followedOrFailed(t *testing.T, l *log, folder string) string {
	server := httptest.NewServer(l.site())
	defer server.Close()
	site, err := published.At(server.URL, published.Options{Keep: folder})
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	if err := site.Check(t.Context(), func(_ string, f verification.Finding) { all += f.String() + "\n" }); err != nil {
		all += err.Error()
	}
	return all
}

func TestAnEndlessLogIsLeft(t *testing.T) {
	l := newLog(t, 1)
	site := http.NewServeMux()
	site.Handle("/", l.site())
	pages := 0
	site.HandleFunc("GET /api/v1/log/checkpoints", func(w http.ResponseWriter, _ *http.Request) {
		pages++
		answers{"x": map[string]any{"items": []published.CheckpointLine{}, "next": "/api/v1/log/checkpoints"}}.serve(w, "x")
	})
	if _, err := check(t, site, "/log"); err != nil || pages != 1 {
		t.Errorf("an empty page with a next one: %d pages, %v", pages, err)
	}
}

func TestASiteThatAsksForPatienceIsGivenIt(t *testing.T) {
	l := newLog(t, 2)
	tries := 0
	site := http.NewServeMux()
	site.Handle("/", l.site())
	site.HandleFunc("GET /api/v1/log/key", func(w http.ResponseWriter, _ *http.Request) {
		if tries++; tries == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, l.key+"\n")
	})
	got, err := check(t, site, "")
	if err != nil || tries != 2 || len(broken(got)) > 0 || !slices.Contains(got, "log.root holds") {
		t.Errorf("%d tries: %q %v", tries, got, err)
	}
}

func TestABundleOfALogIsCheckedOffLine(t *testing.T) {
	l := newLog(t, 5)
	l.add(t, 4)
	write := func(change func(name, content string) string) string {
		lines := map[string]string{published.FileAbout: `{"v":1,"site":"https://example.org","consultation":"","made_at":"2026-12-20T08:00:00Z"}`, published.FileKeys: l.key + "\n"}
		for _, one := range l.notes {
			lines[published.FileCheckpoints] += fmt.Sprintf("{\"checkpoint\":%q}\n", one)
		}
		for i, leaf := range l.leaves {
			lines[published.FileEntries] += fmt.Sprintf("{\"index\":%d,\"leaf\":%q}\n", i, base64.StdEncoding.EncodeToString(leaf))
		}
		file, err := os.Create(filepath.Join(t.TempDir(), "register.zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		z := zip.NewWriter(file)
		for name, content := range lines {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Unix(0, 0)})
			if err == nil {
				_, err = io.WriteString(w, change(name, content))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return file.Name()
	}
	for name, tc := range map[string]struct {
		change func(name, content string) string
		wrong  []string
	}{
		"honest": {func(_, content string) string { return content }, nil},
		"an entry left out": {func(name, content string) string {
			if name == published.FileEntries {
				lines := strings.SplitAfter(content, "\n")
				return strings.Join(slices.Delete(lines, 6, 7), "")
			}
			return content
		}, []string{"log.entries broken"}},
		"another key": {func(name, content string) string {
			if name == published.FileKeys {
				return newLog(t, 0).key + "\n"
			}
			return content
		}, []string{"log.signature broken", "log.checkpoints broken"}},
	} {
		var got []string
		err := published.CheckBundle(t.Context(), write(tc.change), gather(&got))
		if err != nil || !slices.Equal(broken(got), tc.wrong) && len(broken(got))+len(tc.wrong) > 0 {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestReceiptsAreReadOneBehindTheOther(t *testing.T) {
	got, err := published.ReadReceipts(strings.NewReader(`{"receipt":"26-1","secret":"a","leaf_hash":"00","received_at":"x"}` + "\n\n" + `{"receipt":"26-2","secret":"b"}`))
	if err != nil || len(got) != 2 || got[0] != (published.Receipt{Number: "26-1", Secret: "a", LeafHash: "00"}) {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{`{"secret":"a"}`, `[1]`, `{"receipt":`} {
		if _, err := published.ReadReceipts(strings.NewReader(bad)); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}
