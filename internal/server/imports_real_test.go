package server_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

// beside is where the collections of real inputs lie, on a machine that has them.
const beside = "../../../shared/data/"

// takeIn imports a file as staff do at the command line.
func (p *place) takeIn(slug, file, sum string, columns submission.Columns) (submission.Imported, []submission.Finding) {
	p.t.Helper()
	r, err := sheet.Open(file)
	must(p.t, err)
	defer r.Close()
	var found []submission.Finding
	report, err := p.services.Submissions.Import(context.Background(), p.acting("own", actor.Officer),
		submission.Bulk{Consultation: slug, Channel: "import", Sum: sum, Name: filepath.Base(file), Columns: columns}, r,
		submission.Watching{Finding: func(f submission.Finding) { found = append(found, f) }})
	must(p.t, err)
	return report, found
}

// realTables are tables of real comments: a regulator's docket with line ends inside
// cells and broken encodings kept, and a standards body's list of issues.
var realTables = []struct {
	pattern, text, number string
	columns               submission.Columns
}{
	{"us-comments/*.csv", "text", "name", submission.Columns{"text": "text", "id": "name", "name": ""}},
	{"w3c-dispositions/dispositions.csv", "summary", "issue_no", submission.Columns{"text": "summary", "origin_number": "issue_no", "name": "from", "id": ""}},
}

// longestName is how long the name of a sender may be: one issue of the list was
// raised by so many people that they do not fit.
const longestName = 100

// Every row of the real tables goes in once, word for word, with the number it had;
// each has its leaf, and who wrote is nowhere in public.
func TestRealTablesGoInWordForWord(t *testing.T) {
	eachPlace(t, func(p *place) {
		for n, kind := range realTables {
			files, err := filepath.Glob(beside + kind.pattern)
			must(t, err)
			slug := p.open("own", map[string]any{"comments_public": "at_once", "channels": []string{"web", "letter"}})
			var want []string
			for i, file := range files {
				good := p.wholeTable(slug, file, strings.Repeat(fmt.Sprintf("%02x", 16*n+i+1), 32), kind.columns)
				for _, row := range good {
					want = append(want, row[kind.number]+" "+unbroken(row[kind.text]))
				}
			}
			if got := p.wordsAndNumbers(slug); !slices.Equal(got, sorted(want)) {
				t.Errorf("%s: %d rows are stored that are not the %d of the files", kind.pattern, len(got), len(want))
			}
			page := string(p.ask("GET", "/consultations/"+slug+"/comments", "", nil).body)
			if len(files) > 0 && !strings.Contains(page, "gy-stored") || strings.Contains(page, "Florian Rivoal") || strings.Contains(page, "Elika Etemad") {
				t.Errorf("%s: the page shows no comments, or the names of who sent them", kind.pattern)
			}
		}
		_, err := p.services.Register.Pass(context.Background())
		must(t, err)
		auditDatabase(t, p.db())
	})
}

// wholeTable imports a file twice and gives the rows that are to be found.
func (p *place) wholeTable(slug, file, sum string, columns submission.Columns) (good []map[string]string) {
	p.t.Helper()
	raw, err := os.ReadFile(file)
	must(p.t, err)
	rows := table(p.t, raw)
	for _, row := range rows {
		if utf8.RuneCountInString(row["from"]) <= longestName {
			good = append(good, row)
		}
	}
	refused := len(rows) - len(good)
	got, found := p.takeIn(slug, file, sum, columns)
	if got != (submission.Imported{Rows: len(rows), Taken: len(good), Refused: refused}) || len(found) != refused {
		p.t.Errorf("%s: %+v of %d rows, %v", file, got, len(rows), found)
	}
	for _, f := range found {
		if f.Name != "from" || f.Line < 2 {
			p.t.Errorf("%s: line %d is refused for %q, want the column with a list of names", file, f.Line, f.Name)
		}
	}
	if again, _ := p.takeIn(slug, file, sum, columns); again.Taken != 0 || again.Repeated != len(good) {
		p.t.Errorf("%s again: %+v", file, again)
	}
	return good
}

// unbroken leaves out white space: the two readers differ in line ends inside cells.
func unbroken(text string) string { return strings.Join(strings.Fields(text), " ") }

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}

// wordsAndNumbers are the comments of a consultation as stored, behind the numbers
// that they had elsewhere.
func (p *place) wordsAndNumbers(slug string) (out []string) {
	p.t.Helper()
	var rows []struct{ Number, Text string }
	must(p.t, p.db().Read(context.Background()).Raw(`SELECT o.number AS number, m.text AS text FROM comments m
		JOIN consultations c ON c.id = m.consultation_id JOIN submission_origins o ON o.consultation_id = m.consultation_id AND o.submission_id = m.submission_id
		WHERE c.slug = ?`, slug).Scan(&rows).Error)
	for _, r := range rows {
		out = append(out, r.Number+" "+unbroken(r.Text))
	}
	return sorted(out)
}

// Sentences of our own, for a machine without the collections.
var campaign = []string{"I urge you to keep the morning market open. It feeds our street and harms nobody.",
	"请保留早市，一条街的老人都靠它买菜。", "The stall fee is too high. It must be halved before the rules enter into force."}

// templates are the form letters of a real campaign.
func templates(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile(beside + "campaign-templates/sources.md")
	if os.IsNotExist(err) {
		return campaign
	}
	must(t, err)
	out := slices.Clone(campaign)
	for line := range strings.Lines(string(raw)) {
		if text, ok := strings.CutPrefix(line, "> "); ok && len(text) > 60 {
			out = append(out, strings.TrimSpace(text))
		}
	}
	return out
}

// flood makes n letters of templates as campaigns do: the same sentences, with a
// greeting, a place and a sign-off that differ, and every fifth word for word.
func flood(templates []string, n int) (out []string) {
	greetings := []string{"", "Dear Commissioners, ", "To whom it may concern: ", "各位领导："}
	places := []string{"Springfield", "云州市", "Riverside", "北岸街道"}
	for i := range n {
		text := templates[i%len(templates)]
		if i%5 > 0 {
			text = fmt.Sprintf("%s%s — %s, %d", greetings[i%len(greetings)], text, places[i/7%len(places)], i)
		}
		out = append(out, text)
	}
	return out
}

// A flood goes in whole: nothing of it is dropped, what rules hold is counted and
// has its receipt, and the same file twice adds nothing.
func TestAFloodIsCountedToTheLast(t *testing.T) {
	eachPlace(t, func(p *place) {
		letters := flood(templates(t), 6000)
		slug := p.open("own", map[string]any{"comments_public": "at_once", "channels": []string{"web", "letter"}})
		file := filepath.Join(t.TempDir(), "flood.csv")
		f, err := os.Create(file)
		must(t, err)
		w := csv.NewWriter(f)
		must(t, w.Write([]string{"text"}))
		for _, text := range letters {
			must(t, w.Write([]string{text}))
		}
		w.Flush()
		must(t, f.Close())
		sum := strings.Repeat("f1", 32)
		if got, found := p.takeIn(slug, file, sum, nil); got.Taken != len(letters) || len(found) > 0 {
			t.Fatalf("%+v, %v", got, found)
		}
		if got, _ := p.takeIn(slug, file, sum, nil); got.Taken != 0 {
			t.Fatalf("again: %+v", got)
		}
		held := p.sendFlood(slug, letters[:60])
		count := func(column string) int {
			return countOf(t, p.db(), "SELECT "+column+" FROM consultation_counters k JOIN consultations c ON c.id = k.consultation_id WHERE c.slug = '"+slug+"'")
		}
		if n := count("submissions"); n != len(letters)+60 {
			t.Errorf("%d are counted of %d", n, len(letters)+60)
		}
		if n := count("held"); n != held {
			t.Errorf("%d are counted as held, %d are", n, held)
		}
		_, err = p.services.Register.Pass(context.Background())
		must(t, err)
		auditDatabase(t, p.db())
	})
}

// sendFlood sends letters by the API to a consultation that holds those with a
// certain word, and tells how many were held.
func (p *place) sendFlood(slug string, letters []string) (held int) {
	p.t.Helper()
	const word = "stall fee"
	must(p.t, p.services.Moderation.SetRules(context.Background(), p.acting("own", actor.Officer), 0, slug, &moderation.Rules{Words: []string{word}}, 0))
	for i, text := range letters {
		want := "accepted"
		if strings.Contains(text, word) {
			want = "held"
			held++
		}
		if state := p.track(p.send(slug, fmt.Sprint("flood-", i), letter(text))).text(p.t, "state"); state != want {
			p.t.Errorf("%q is %s, want %s", text, state, want)
		}
	}
	if held == 0 {
		p.t.Error("none of the flood has the word that is looked for")
	}
	return held
}
