package server_test

// What the story's input files hold, read by code that imports nothing of the
// project: the published figures are held against these.

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// statement is one row of an input file.
type statement struct{ id, text string }

// statements reads a table of Polis.
func statements(t testing.TB, name string) []statement {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "story", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	id, text := -1, -1
	for i, column := range rows[0] {
		switch column {
		case "comment-id":
			id = i
		case "comment-body":
			text = i
		}
	}
	if id < 0 || text < 0 {
		t.Fatalf("%s has the columns %v", name, rows[0])
	}
	var out []statement
	for _, row := range rows[1:] {
		out = append(out, statement{row[id], row[text]})
	}
	return out
}

// intake writes statements as a file for import and gives its path.
func intake(t testing.TB, name, language, provision string, list []statement) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	rows := [][]string{{"text", "provision", "language"}}
	for _, s := range list {
		rows = append(rows, []string{s.text, provision, language})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// intakeLines writes statements as a file of JSON lines.
func intakeLines(t testing.TB, name, language, provision string, list []statement) string {
	t.Helper()
	var b strings.Builder
	for _, s := range list {
		raw, err := json.Marshal(map[string]string{"text": s.text, "provision": provision, "language": language})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(raw, '\n'))
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// table is a CSV file by column names.
func table(t testing.TB, raw []byte) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatal("a table without a row of names")
	}
	out := []map[string]string{}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		out = append(out, m)
	}
	return out
}
