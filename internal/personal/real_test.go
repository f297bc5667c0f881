package personal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// realTexts are texts that no one here wrote and in which no person's data stands:
// laws, statements, comments from which telephone numbers and addresses were
// removed. Some lie in this repository, more beside it where they were fetched.
func realTexts(t *testing.T, dirs ...string) (texts []string) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !slices.Contains([]string{".md", ".csv", ".txt"}, filepath.Ext(path)) {
				return nil // a folder that is not there holds nothing
			}
			b, err := os.ReadFile(path)
			texts = append(texts, strings.Split(strings.ToValidUTF8(string(b), "?"), "\n")...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func TestRealTextsGiveNoFalseAlarm(t *testing.T) {
	const beside = "../../../shared/data/"
	texts := realTexts(t, "../draft", "../server/testdata", "../consultation/testdata",
		beside+"cn-laws", beside+"law-sources", beside+"us-comments", beside+"polis", beside+"campaign-templates", beside+"seed-report",
		beside+"oasis-resolutions", beside+"us-draft")
	if len(texts) < 200 {
		t.Fatalf("%d lines of real text: the folders have moved", len(texts))
	}
	alarms := 0
	for _, text := range texts {
		for _, f := range found(text) {
			alarms++
			t.Logf("%s in %.120s", f, text)
		}
	}
	if alarms > 0 {
		t.Errorf("%d false alarms in %d lines", alarms, len(texts))
	}
}

// The same texts with a person's data put into each line: all of it is found, and
// nothing else is masked.
func TestRealTextsWithDataPutInAreMaskedExactly(t *testing.T) {
	put := []string{"13800138000", "138 0013 8000", "１３８００１３８０００", "021-63233456", "11010519491231002X", "6222021001116245702", "wang@example.com"}
	n, missed := 0, 0
	for i, text := range realTexts(t, "../draft", "../server/testdata", "../../../shared/data/cn-laws") {
		if strings.TrimSpace(text) == "" || len(found(text)) > 0 {
			continue
		}
		datum := put[i%len(put)]
		n++
		if got := found(text + "。联系：" + datum + "，谢谢"); len(got) != 1 || !strings.HasSuffix(got[0], ":"+datum) {
			missed++
			t.Logf("%q in %.100s: %q", datum, text, got)
		}
	}
	if n < 100 || missed > 0 {
		t.Errorf("%d of %d were not masked exactly", missed, n)
	}
}
