package consultation_test

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
)

// published makes a consultation with a title and a period and approves it.
func (b *bureau) approved(title string, opens, closes time.Time) consultation.Consultation {
	b.t.Helper()
	c, err := b.ImportDraft(ctx, b.officer(), b.org.ID, draft.Source{Name: title + ".txt", Text: text})
	if err != nil {
		b.t.Fatal(err)
	}
	in := notice(opens, closes)
	in.Title = &title
	if _, err = b.Edit(ctx, b.officer(), c.Slug, in, 0); err != nil {
		b.t.Fatal(err)
	}
	b.apply(b.officer(), c.Slug, consultation.Submit, "")
	return b.apply(b.reviewer(), c.Slug, consultation.Approve, "")
}

func TestTheListShowsFirstWhatClosesFirst(t *testing.T) {
	each(t, func(b *bureau) {
		day := func(n int) time.Time { return start.Add(time.Duration(n) * 24 * time.Hour) }
		b.approved("closed early", day(0), day(1))
		b.approved("open to 30", day(0), day(30))
		b.approved("open to 9", day(0), day(9))
		b.approved("from 8", day(8), day(40))
		b.approved("from 6", day(6), day(50))
		b.approved("closed late 50%_", day(0), day(2))
		b.approved("open to 9 too", day(0), day(9))
		b.clock.Set(day(4))

		want := "open to 9 too, open to 9, open to 30, from 6, from 8, closed late 50%_, closed early"
		for _, limit := range []int{1, 2, 3, 100} {
			var titles []string
			f := consultation.Filter{Limit: limit}
			for {
				p, err := b.List(ctx, f)
				if err != nil {
					b.t.Fatal(err)
				}
				for _, c := range p.Items {
					titles = append(titles, c.Title)
				}
				if p.Next == 0 {
					break
				}
				f.Cursor = p.Next
			}
			if got := strings.Join(titles, ", "); got != want {
				b.t.Errorf("pages of %d: %s", limit, got)
			}
		}
		for _, x := range []struct {
			f    consultation.Filter
			want int
		}{
			{consultation.Filter{Status: consultation.PublicOpen}, 3},
			{consultation.Filter{Status: consultation.PublicScheduled}, 2},
			{consultation.Filter{Status: consultation.PublicClosed}, 2},
			{consultation.Filter{Status: consultation.PublicSummarised}, 0},
			{consultation.Filter{Status: consultation.PublicWithdrawn}, 0},
			{consultation.Filter{Q: "OPEN to 9"}, 2},
			{consultation.Filter{Q: "50%_"}, 1},
			{consultation.Filter{Q: "%"}, 1},
			{consultation.Filter{Organisation: b.other.ID}, 0},
			{consultation.Filter{Cursor: 12345}, 0},
		} {
			if p, err := b.List(ctx, x.f); err != nil || len(p.Items) != x.want {
				b.t.Errorf("%+v: %d, want %d, error %v", x.f, len(p.Items), x.want, err)
			}
		}
	})
}

func TestAnAddressIsMadeOfALatinTitleOrOfTheNumber(t *testing.T) {
	each(t, func(b *bureau) {
		seen := map[string]bool{}
		for _, x := range []struct{ title, prefix string }{
			{"Minimum Wage Ordinance (Draft)", "minimum-wage-ordinance-draft"},
			{"Minimum Wage Ordinance (Draft)", "minimum-wage-ordinance-draft-"},
			{"New", "c-"},
			{"反不正当竞争法", "c-"},
			{"关于推进AI治理的若干规定", "c-"},
			{strings.Repeat("very long title ", 10), "very-long-title-very-long-title"},
		} {
			c, err := b.ImportDraft(ctx, b.officer(), b.org.ID, draft.Source{Name: x.title + ".txt", Text: "Article 1\nText."})
			if err != nil {
				b.t.Fatal(err)
			}
			if !strings.HasPrefix(c.Slug, x.prefix) || seen[c.Slug] || len(c.Slug) > 80 {
				b.t.Errorf("%s: slug %q, want %s…, unique", x.title, c.Slug, x.prefix)
			}
			seen[c.Slug] = true
		}
	})
}
