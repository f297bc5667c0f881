package bulk_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

const table = "意见内容,条款,姓名,热线编号,其他\n摊位费应当公开,第一条,张三,R-1,甲\n,第二条,,,\n别的,第九十九条,李四,R-3,乙\n"

// A table is tried, and nothing is in; then it is taken in once, and its file goes.
func TestATableIsTriedAndThenTakenInOnce(t *testing.T) {
	each(t, func(st *stage) {
		j := st.upload("hotline.csv", table)
		if j.State != submission.ImportWaiting || len(j.Header) != 5 || st.upload("again.csv", table).ID != j.ID {
			t.Fatalf("uploaded: %+v", j)
		}
		j = st.confirm(j, "phone")
		if j.State != submission.ImportChecked || j.Tried == nil || *j.Tried != (submission.Imported{Rows: 3, Taken: 1, Refused: 2}) || st.submissions() != 0 {
			t.Fatalf("tried: %+v %+v, %d are in", j.State, j.Tried, st.submissions())
		}
		found, err := st.s.Findings(ctx, j, 10)
		must(t, err)
		if len(found) != 2 || found[0].Line != 3 || found[0].Column != 1 || found[1].Line != 4 || found[1].Column != 2 {
			t.Fatalf("findings: %+v", found)
		}
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		j = st.work(j.ID)
		if j.State != submission.ImportDone || j.Taken != 1 || j.Refused != 2 || st.submissions() != 1 {
			t.Fatalf("taken in: %+v, %d are in", j.ImportJob, st.submissions())
		}
		if n := st.count("SELECT COUNT(*) FROM submission_import_parts"); n != 0 || j.Size != 0 {
			t.Errorf("%d parts of a file are kept that is in", n)
		}
		again := st.confirm(st.upload("hotline.csv", table), "phone")
		if again.ID != j.ID || again.State != submission.ImportDone || st.submissions() != 1 {
			t.Errorf("the same file again: %+v, %d are in", again.ImportJob, st.submissions())
		}
	})
}

// What was said of a table's columns holds for the next one with the same columns.
func TestColumnsAreRememberedForTheOrganisation(t *testing.T) {
	each(t, func(st *stage) {
		j := st.upload("a.csv", "一,二,三\nx,y,z\n")
		p, err := st.s.Propose(ctx, j)
		must(t, err)
		if len(p.Columns) != 0 || p.Remembered {
			t.Fatalf("proposed: %+v", p)
		}
		for _, wrong := range []submission.Columns{nil, {"name": "一"}, {"text": "四"}, {"text": "一", "colour": "二"}} {
			if _, err := st.s.Confirm(ctx, st.officer, st.slug, j.ID, "letter", wrong); !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		said := submission.Columns{"text": "三", "name": "一"}
		_, err = st.s.Confirm(ctx, st.officer, st.slug, j.ID, "letter", said)
		must(t, err)
		if got := st.work(j.ID); *got.Tried != (submission.Imported{Rows: 1, Taken: 1}) {
			t.Fatalf("tried: %+v", got.Tried)
		}
		p, err = st.s.Propose(ctx, st.upload("b.csv", "一,二,三\nu,v,w\n"))
		must(t, err)
		if !p.Remembered || p.Channel != "letter" || !maps.Equal(p.Columns, said) {
			t.Errorf("remembered: %+v", p)
		}
	})
}

func TestOnlyWhoMayImportHandlesTables(t *testing.T) {
	each(t, func(st *stage) {
		j := st.upload("a.csv", table)
		for who, want := range map[*actor.Actor]fault.Kind{{Kind: actor.Account, ID: 8}: fault.NotFound, ptr(st.as(2, actor.Reviewer)): fault.Forbidden} {
			_, err := st.s.Upload(ctx, *who, st.slug, "b.csv", []byte("text\nx\n"))
			_, _, seen := st.s.One(ctx, *who, st.slug, j.ID)
			_, confirmed := st.s.Confirm(ctx, *who, st.slug, j.ID, "letter", submission.Columns{"text": "意见内容"})
			for _, err := range []error{err, seen, confirmed, st.s.Start(ctx, *who, st.slug, j.ID), st.s.Stop(ctx, *who, st.slug, j.ID), st.s.Discard(ctx, *who, st.slug, j.ID)} {
				if !fault.Is(err, want) {
					t.Errorf("want %v, got %v", want, err)
				}
			}
		}
	})
}

func ptr(a actor.Actor) *actor.Actor { return &a }

// Work that was asked for ends with the right to it.
func TestATableIsNotTakenInForSomebodyWhoLostTheRight(t *testing.T) {
	each(t, func(st *stage) {
		j := st.confirm(st.upload("a.csv", table), "phone")
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		st.as(1, actor.Reviewer)
		if j = st.work(j.ID); j.State != submission.ImportFailed || st.submissions() != 0 {
			t.Errorf("%+v, %d are in", j.ImportJob, st.submissions())
		}
	})
}

// long is a table of so many rows, of which every hundredth says nothing.
func long(rows int) string {
	var b bytes.Buffer
	b.WriteString("text,note\n")
	for n := range rows {
		if n%100 == 99 {
			b.WriteString(",nothing\n")
			continue
		}
		fmt.Fprintf(&b, "第%d条意见，%s,x\n", n, strings.Repeat("字", 60))
	}
	return b.String()
}

// A table that is stopped goes on where it was; nothing is in twice.
func TestATableIsStoppedAndGoneOnWith(t *testing.T) {
	each(t, func(st *stage) {
		j := st.confirm(st.upload("a.csv", long(12000)), "import")
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		must(t, st.s.Stop(ctx, st.officer, st.slug, j.ID)) // nobody works on it yet
		if j = st.work(j.ID); j.State != submission.ImportStopped || st.submissions() != 0 {
			t.Fatalf("stopped before it began: %+v", j.ImportJob)
		}
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		inner, kill := context.WithCancel(ctx)
		go func() {
			for inner.Err() == nil && st.count("SELECT COUNT(*) FROM submissions") == 0 {
				time.Sleep(time.Millisecond)
			}
			kill()
		}()
		_, _ = st.s.Work(inner) // it is broken off: what is in counts
		kill()
		if n := st.submissions(); n == 0 || n == 11880 {
			t.Fatalf("it was not broken off half way: %d are in", n)
		}
		if j = st.work(j.ID); j.State != submission.ImportDone || j.Taken != 11880 || j.Refused != 120 || j.Repeated != 0 || st.submissions() != 11880 {
			t.Errorf("%+v, %d are in", j.ImportJob, st.submissions())
		}
	})
}

// A node that does not come back is replaced after a minute; until then nobody
// else touches the table.
func TestAnotherNodeGoesOnAfterALease(t *testing.T) {
	each(t, func(st *stage) {
		j := st.confirm(st.upload("a.csv", table), "phone")
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		st.exec("UPDATE submission_imports SET lease = ?", begin.Add(time.Minute).UnixMilli())
		if j = st.work(j.ID); j.State != submission.ImportQueued {
			t.Fatalf("taken from a node that holds it: %+v", j.ImportJob)
		}
		must(t, st.s.Stop(ctx, st.officer, st.slug, j.ID)) // is left to who holds it
		st.clock.Add(2 * time.Minute)
		if j = st.work(j.ID); j.State != submission.ImportStopped || j.Halt || st.submissions() != 0 {
			t.Fatalf("asked to stop: %+v", j.ImportJob)
		}
		must(t, st.s.Start(ctx, st.officer, st.slug, j.ID))
		if j = st.work(j.ID); j.State != submission.ImportDone {
			t.Errorf("%+v", j.ImportJob)
		}
	})
}

func TestAFileOfAnotherKindIsRefusedAtOnce(t *testing.T) {
	each(t, func(st *stage) {
		for name, data := range map[string]string{"a.csv": "", "a.docx": "PK\x03\x04x", "a.xlsx": "text\nx\n", "b.csv": "a,a\n1,2\n"} {
			if _, err := st.s.Upload(ctx, st.officer, st.slug, name, []byte(data)); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Workbooks and JSONL are read from the kept, sealed file as from a file.
func TestEveryFormatIsReadFromTheKeptFile(t *testing.T) {
	each(t, func(st *stage) {
		var book bytes.Buffer
		w, err := sheet.NewWriter(&book, sheet.XLSX, []string{"意见", "姓名"})
		must(t, err)
		must(t, w.Write("写进表格的意见", "王五"))
		must(t, w.Close())
		lines := strings.Repeat("{\"text\":\"同意"+strings.Repeat("草案", 300)+"\",\"region\":\"东城\"}\n", 700) // more than one part
		for name, c := range map[string]struct {
			data string
			rows int
		}{"a.xlsx": {book.String(), 1}, "a.jsonl": {lines, 700}} {
			j := st.upload(name, c.data)
			values, err := st.s.Values(ctx, j)
			must(t, err)
			if len(values) != 2 || len(values[0]) == 0 {
				t.Errorf("%s: values %q", name, values)
			}
			j = st.confirm(j, "letter")
			if j.Tried == nil || j.Tried.Taken != c.rows {
				t.Errorf("%s: %+v", name, j.ImportJob)
			}
		}
		var sealed []byte
		must(t, st.db.Reader().QueryRow("SELECT sealed FROM submission_import_parts ORDER BY import_id DESC LIMIT 1").Scan(&sealed))
		if bytes.Contains(sealed, []byte("草案")) || bytes.Contains(sealed, []byte("王五")) {
			t.Error("a kept file can be read without the key")
		}
	})
}

// A file for which nobody decides anything goes: it holds names.
func TestAFileThatWaitsTooLongGoes(t *testing.T) {
	each(t, func(st *stage) {
		st.upload("a.csv", table)
		st.clock.Add(31 * 24 * time.Hour)
		_, err := st.s.Work(ctx)
		must(t, err)
		if n := st.count("SELECT (SELECT COUNT(*) FROM submission_import_parts) + (SELECT COUNT(*) FROM submission_imports)"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}
