package submission

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
)

// bring imports a table given as text.
func (st *stage) bring(name, table string, b Bulk) (Imported, []Finding, error) {
	st.t.Helper()
	r, err := sheet.NewReader(bytes.NewReader([]byte(table)), name, sheet.Limits{})
	must(st.t, err)
	defer r.Close()
	if b.Consultation == "" {
		b.Consultation = st.c.Slug
	}
	if b.Channel == "" {
		b.Channel = "letter"
	}
	if b.Sum == "" {
		b.Sum = strings.Repeat("ab", 32)
	}
	var findings []Finding
	report, err := st.s.Import(context.Background(), st.as(1, actor.Officer), b, r, Watching{Finding: func(f Finding) { findings = append(findings, f) }})
	return report, findings, err
}

func TestAFileGoesInOnceAndItsBadRowsAreNamed(t *testing.T) {
	each(t, func(st *stage) {
		table := "\ufeff意见内容,条款,姓名,身份,收到时间\n" +
			"第三条的摊位费应当公开,第三条,张三,个人,2026-11-01 09:00\n" +
			"\"两行的\n意见\",,,企业,\n" +
			"   ,第一条,,,\n" +
			"没有这一条,第九十九条,,,\n" +
			"时间不对,,,,前天\n" +
			"I support this draft,art-2,,expert,\n"
		dry, findings, err := st.bring("a.csv", table, Bulk{DryRun: true})
		must(t, err)
		if dry != (Imported{Rows: 6, Taken: 3, Refused: 3}) || len(findings) != 3 {
			t.Fatalf("dry run: %+v %+v", dry, findings)
		}
		if n := st.count("SELECT COUNT(*) FROM submissions"); n != 0 {
			t.Fatalf("a dry run left %d submissions", n)
		}
		real, findings, err := st.bring("a.csv", table, Bulk{})
		must(t, err)
		if real != dry {
			t.Fatalf("the run %+v differs from the dry run %+v", real, dry)
		}
		for i, want := range []Finding{{Line: 5, Column: 1}, {Line: 6, Column: 2}, {Line: 7, Column: 5}} {
			if findings[i].Line != want.Line || findings[i].Column != want.Column {
				t.Errorf("finding %d: %+v, want line %d column %d", i, findings[i], want.Line, want.Column)
			}
		}
		again, _, err := st.bring("a.csv", table, Bulk{})
		must(t, err)
		if again != (Imported{Rows: 6, Repeated: 3, Refused: 3}) || st.count("SELECT COUNT(*) FROM submissions") != 3 {
			t.Fatalf("second run: %+v, %d stored", again, st.count("SELECT COUNT(*) FROM submissions"))
		}
		if n := st.count("SELECT COUNT(*) FROM comments WHERE provision = 'art-3' AND channel = 'letter' AND lang = 'zh-CN'"); n != 1 {
			t.Fatalf("%d comments on article 3", n)
		}
		if n := st.count("SELECT COUNT(*) FROM comments WHERE provision = 'art-2' AND lang = 'en' AND submitter_kind = 'expert'"); n != 1 {
			t.Fatalf("%d English comments on article 2", n)
		}
	})
}

// The export of a discussion platform: an instant in milliseconds beside the same
// in words whose zone nobody can know.
func TestAnExportOfAPlatformGoesIn(t *testing.T) {
	each(t, func(st *stage) {
		report, findings, err := st.bring("c.csv", "timestamp,datetime,comment-id,author-id,agrees,moderated,comment-body\n"+
			"1472552518501,Tue Aug 30 17:21:58 WIB 2016,194,4413,1,0,内容明确\n", Bulk{})
		must(t, err)
		if report != (Imported{Rows: 1, Taken: 1}) || len(findings) != 0 {
			t.Fatalf("%+v %+v", report, findings)
		}
		var at time.Time
		must(t, st.s.db.Read(context.Background()).Raw("SELECT received_at FROM submissions").Row().Scan(&at))
		if !at.Equal(time.UnixMilli(1472552518501)) {
			t.Errorf("received at %s", at)
		}
	})
}

// A table of something else is refused as a whole, not row by row.
func TestATableWithoutTextsIsRefused(t *testing.T) {
	each(t, func(st *stage) {
		report, findings, err := st.bring("a.csv", "编号,电话\n1,110\n2,119\n", Bulk{})
		if f, ok := fault.As(err); !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "text" {
			t.Errorf("want a fault of the column text, got %v", err)
		}
		if report.Rows != 0 || len(findings) != 0 {
			t.Errorf("rows were read: %+v %v", report, findings)
		}
	})
}

func TestARowWithAnIDIsKnownInALongerFile(t *testing.T) {
	each(t, func(st *stage) {
		short := "编号,内容\nA1,同意\nA2,同意\n"
		_, _, err := st.bring("h.csv", short, Bulk{Sum: strings.Repeat("01", 32)})
		must(t, err)
		got, _, err := st.bring("h.csv", short+"A3,同意\n", Bulk{Sum: strings.Repeat("02", 32)})
		must(t, err)
		if got != (Imported{Rows: 3, Taken: 1, Repeated: 2}) {
			t.Fatalf("%+v", got)
		}
	})
}

func TestEveryRowOfALargeTableIsCounted(t *testing.T) {
	each(t, func(st *stage) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		_ = w.Write([]string{"text", "provision"})
		for i := range 1234 {
			_ = w.Write([]string{fmt.Sprintf("意见%d", i), []string{"", "art-1", "art-2"}[i%3]})
		}
		w.Flush()
		got, _, err := st.bring("big.csv", b.String(), Bulk{Channel: "import"})
		must(t, err)
		if got.Taken != 1234 || st.count("SELECT COUNT(*) FROM submissions") != 1234 || st.count("SELECT COUNT(*) FROM register_pending") != 1234 {
			t.Fatalf("%+v, %d stored", got, st.count("SELECT COUNT(*) FROM submissions"))
		}
		var counters, channel, provision int64
		must(t, st.db.Read(context.Background()).Raw(`SELECT submissions FROM consultation_counters WHERE consultation_id = ?`, st.c.ID).Scan(&counters).Error)
		must(t, st.db.Read(context.Background()).Raw(`SELECT submissions FROM channel_counters WHERE consultation_id = ? AND channel = 'import'`, st.c.ID).Scan(&channel).Error)
		must(t, st.db.Read(context.Background()).Raw(`SELECT comments FROM provision_counters WHERE consultation_id = ? AND provision = 'art-1'`, st.c.ID).Scan(&provision).Error)
		if counters != 1234 || channel != 1234 || provision != 411 {
			t.Fatalf("counters %d, channel %d, provision %d", counters, channel, provision)
		}
	})
}

func TestOnlyStaffOfTheOrganisationBringTablesIn(t *testing.T) {
	each(t, func(st *stage) {
		r, err := sheet.NewReader(strings.NewReader("text\nx\n"), "a.csv", sheet.Limits{})
		must(t, err)
		stranger := actor.Actor{Kind: actor.Account, ID: 9, Grants: []actor.Grant{{Organisation: st.org + 1, Role: actor.Officer}}}
		b := Bulk{Consultation: st.c.Slug, Channel: "letter", Sum: "00"}
		if _, err := st.s.Import(context.Background(), stranger, b, r, Watching{}); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a stranger: %v", err)
		}
		if _, err := st.s.Import(context.Background(), st.as(2, actor.Reviewer), b, r, Watching{}); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("a reviewer: %v", err)
		}
	})
}

func TestAnExportHoldsEachCommentAndRunsNoFormula(t *testing.T) {
	each(t, func(st *stage) {
		_, _, err := st.bring("a.csv", "text,proposed_text,name\n=1+1,@SUM(A1),王五\n普通的话,,\n", Bulk{})
		must(t, err)
		var out bytes.Buffer
		must(t, st.s.Export(context.Background(), st.as(1, actor.Officer), st.c.Slug, &out, sheet.CSV))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
		must(t, err)
		if len(rows) != 3 || rows[1][4] != "'=1+1" || rows[1][5] != "'@SUM(A1)" {
			t.Fatalf("%q", rows)
		}
		if strings.Contains(out.String(), "王五") {
			t.Fatal("a sender's name is in the export")
		}
	})
}
