package consultation_test

import (
	"testing"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

func TestASourceIsKeptToTheLastCharacter(t *testing.T) {
	each(t, func(b *bureau) {
		source := "第一条  甲\t。\r\n\r\n　　第二条 <script>乙\u00a0é e\u0301 🀄\n"
		c, err := b.ImportDraft(ctx, b.officer(), b.org.ID, draft.Source{Name: "x.md", Text: source})
		if err != nil {
			b.t.Fatal(err)
		}
		v, err := b.drafts.Version(ctx, c.ID, draft.First)
		if err != nil || v.Source != source || v.SourceFormat != "markdown" {
			b.t.Errorf("source %q (%s), error %v", v.Source, v.SourceFormat, err)
		}
		rows, err := b.drafts.Provisions(ctx, c.ID, draft.First)
		if err != nil || len(rows) != 2 || rows[0].Key != "art-1" {
			b.t.Errorf("%d provisions, error %v", len(rows), err)
		}
	})
}

func TestAPublishedDraftNeverChanges(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.Scheduled)
		before, err := b.drafts.Provisions(ctx, c.ID, draft.First)
		if err != nil {
			b.t.Fatal(err)
		}
		tries := map[string]func(*database.Tx) error{
			"import": func(tx *database.Tx) error {
				_, err := b.drafts.Import(tx, c.ID, draft.Source{Text: "第一条 别的。"})
				return err
			},
			"correct": func(tx *database.Tx) error {
				_, err := b.drafts.Correct(tx, c.ID, draft.First, draft.AsRows(before), 0)
				return err
			},
		}
		for name, try := range tries {
			err := b.db.Write(ctx, actor.Console(), func(tx *database.Tx) error {
				if err := audit.Record(tx, audit.Entry{Action: "try", Object: "draft"}); err != nil {
					return err
				}
				return try(tx)
			})
			if !fault.Is(err, fault.Conflict) {
				b.t.Errorf("%s: %v", name, err)
			}
		}
		v, _ := b.drafts.Version(ctx, c.ID, draft.First)
		after, _ := b.drafts.Provisions(ctx, c.ID, draft.First)
		if !v.Published() || len(after) != len(before) {
			b.t.Errorf("published %v, %d rows, were %d", v.PublishedAt, len(after), len(before))
		}
	})
}

func TestAnOfficerCorrectsWhatTheReaderMisunderstood(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.prepared()
		ps, err := b.drafts.Provisions(ctx, c.ID, draft.First)
		if err != nil {
			b.t.Fatal(err)
		}
		rows, err := draft.Merge(draft.AsRows(ps), ps[len(ps)-1].Key)
		if err != nil {
			b.t.Fatal(err)
		}
		v, err := b.CorrectDraft(ctx, b.officer(), c.Slug, rows, 1)
		if err != nil || v.Version != 2 {
			b.t.Fatalf("version %d, error %v", v.Version, err)
		}
		_, err = b.CorrectDraft(ctx, b.officer(), c.Slug, rows, 1)
		wantFault(b.t, err, fault.Conflict, "stale")

		short := append([]draft.Row{}, rows...)
		short[len(short)-1].Text = short[len(short)-1].Text[:3]
		_, err = b.CorrectDraft(ctx, b.officer(), c.Slug, short, v.Version)
		wantField(b.t, err, "provisions")
		_, err = b.CorrectDraft(ctx, b.officer(), c.Slug, append(rows, draft.Row{Kind: "text", Text: "多出来的"}), v.Version)
		wantField(b.t, err, "provisions")
		_, err = b.CorrectDraft(ctx, b.reviewer(), c.Slug, rows, v.Version)
		wantFault(b.t, err, fault.Forbidden, "")

		now, _ := b.drafts.Provisions(ctx, c.ID, draft.First)
		if len(now) != len(ps)-1 {
			b.t.Errorf("%d rows, want %d", len(now), len(ps)-1)
		}
		has, err := b.drafts.Has(ctx, c.ID, draft.First, now[0].Key)
		if err != nil || !has {
			b.t.Errorf("has %s: %v, %v", now[0].Key, has, err)
		}
		if has, _ = b.drafts.Has(ctx, c.ID, draft.First, "art-99999"); has {
			b.t.Error("has a provision that is not there")
		}
	})
}
