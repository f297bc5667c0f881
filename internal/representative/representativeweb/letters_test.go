package representativeweb_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/representative"
	"guangyi/internal/representative/representativeweb"
	"guangyi/views"
)

// box keeps what was sent.
type box struct{ letters []notice.Letter }

func (b *box) Send(_ context.Context, l notice.Letter) error {
	b.letters = append(b.letters, l)
	return nil
}

// A membership from the first letter to the last, in both languages: each is
// complete, and none holds the secret or a reason.
func TestRepresentativesAreWrittenTo(t *testing.T) {
	each(t, func(st *stage) {
		for _, lang := range i18n.Tags {
			st.clock.Set(start)
			st.letters(lang)
		}
	})
}

func (st *stage) letters(lang string) {
	t := st.t
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	sent := &box{}
	words := representativeweb.Letters{Pool: st.pool, Bundle: bundle, Language: "zh-CN", BaseURL: "https://site.example"}
	post := notice.New(st.db, words, notice.Posts{Mail: sent}, slog.New(slog.DiscardHandler))
	deliver := func() {
		_, err := post.Deliver(ctx)
		must(t, err)
	}
	r, err := st.pool.Apply(ctx, actor.Public(), st.org.ID, representative.Application{
		Person: representative.Person{Name: "王小明", Email: lang + "@mail.example"}, Category: "citizen", District: "城北区", Conflict: "no", Consent: true, Lang: lang})
	must(t, err)
	holder := representative.Holder{Reference: r.Reference, Secret: r.Secret}
	sec, rev := st.people["secretary"], st.people["reviewer"]
	do := func(_ representative.Representative, err error) { must(t, err); deliver() }
	do(st.pool.Vet(ctx, sec, r.ID, true, "", 0))
	do(st.pool.Decide(ctx, rev, r.ID, true, representative.Term{From: start, Until: start.AddDate(1, 0, 0)}, "", 0))
	do(st.pool.Suspend(ctx, sec, r.ID, "两次未到会", 0))
	must(t, st.pool.Appeal(ctx, actor.Public(), holder, "当天住院"))
	do(st.pool.AnswerAppeal(ctx, rev, r.ID, false, "没有证明", 0))
	do(st.pool.Lift(ctx, rev, r.ID, "", 0))
	st.clock.Set(start.AddDate(0, 11, 0))
	_, err = st.pool.Run(ctx)
	must(t, err)
	deliver()
	must(t, st.pool.WantRenewal(ctx, actor.Public(), holder))
	do(st.pool.Renew(ctx, rev, r.ID, start.AddDate(2, 0, 0), 0))
	st.clock.Set(start.AddDate(2, 0, 0).Add(time.Second))
	_, err = st.pool.Run(ctx)
	must(t, err)
	deliver()
	if len(sent.letters) != 8 {
		t.Errorf("%s: %d letters", lang, len(sent.letters))
	}
	for _, l := range sent.letters {
		text := l.Subject + "\n" + l.Text
		if l.To != lang+"@mail.example" || l.Lang != lang || !strings.Contains(text, r.Reference) {
			t.Errorf("to %s in %s:\n%s", l.To, l.Lang, text)
		}
		for _, word := range []string{r.Secret, "[representative", "no value", "两次未到会", "没有证明", "王小明"} {
			if strings.Contains(text, word) {
				t.Errorf("%q stands in\n%s", word, text)
			}
		}
	}
}
