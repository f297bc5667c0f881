package mailbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// reasons are those of what waits for somebody and of what machines sent.
func (r Room) reasons() (waiting, machines []Reason) {
	for _, m := range r.Waiting {
		waiting = append(waiting, m.Reason)
	}
	for _, m := range r.Machines {
		machines = append(machines, m.Reason)
	}
	return waiting, machines
}

func (st *stage) letters(topic string) int64 {
	st.t.Helper()
	return st.count("SELECT count(*) FROM outbox WHERE topic = ?", topic)
}

func TestWhatMachinesSendIsSetAsideAndNeverAnswered(t *testing.T) {
	each(t, func(st *stage) {
		st.put(
			st.letter("auto", "我在休假。", "Auto-Submitted: auto-replied"),
			st.letter("bounce", "退回", "Return-Path: <>", "From: MAILER-DAEMON@mx.example"),
			st.letter("list", "各位好", "List-Id: <town.lists.example>"),
			st.letter("own", "回执", "From: letters@bureau.example"),
			st.letter("own2", "意见", "From: "+AddressOf(box, "anything")),
		)
		st.fetch()
		waiting, machines := st.room().reasons()
		slices.Sort(machines)
		if len(waiting) != 0 || !slices.Equal(machines, []Reason{Automatic, Bounce, List, Own, Own}) {
			st.t.Errorf("waiting %v, from machines %v", waiting, machines)
		}
		if n := st.count("SELECT count(*) FROM outbox"); n != 0 {
			st.t.Errorf("%d letters were left", n)
		}
		if len(st.texts()) != 0 {
			st.t.Errorf("submissions: %q", st.texts())
		}
	})
}

func TestOnePressMakesASubmissionOfWhatWasMistaken(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("auto", "这是我写的。", "Precedence: bulk"))
		st.fetch()
		m := st.room().Machines[0]
		r, err := st.mail.Take(context.Background(), st.officer(), st.c.Slug, m.ID, m.Version)
		must(st.t, err)
		if got := st.texts(); !slices.Equal(got, []string{"这是我写的。"}) || r.Number == "" {
			st.t.Errorf("%+v, %q", r, got)
		}
		if n := st.letters(TopicReceipt); n != 0 {
			st.t.Errorf("%d letters to a machine", n)
		}
		if _, err := st.mail.Take(context.Background(), st.officer(), st.c.Slug, m.ID, 0); !fault.Is(err, fault.Conflict) {
			st.t.Errorf("a second press: %v", err)
		}
		if len(st.room().Machines) != 0 || st.room().Counts[Taken] != 1 {
			st.t.Errorf("%+v", st.room())
		}
	})
}

func TestTheSameMailIsOneSubmissionWherever(t *testing.T) {
	each(t, func(st *stage) {
		second := st.add(other)
		one := st.letter("one", "摊位费太高。", "To: "+AddressOf(box, st.c.Slug)+", "+AddressOf(other, st.c.Slug))
		st.put(one, one) // a copy in the same mailbox, too
		st.server.Put(st.t, other, "INBOX", begin.Add(time.Hour+time.Second), one)
		st.fetch()
		_, err := st.mail.Fetch(context.Background(), second.ID)
		must(st.t, err)
		if got := st.texts(); len(got) != 1 {
			st.t.Errorf("the comments are %q", got)
		}
		if r := st.room(); r.Counts[Taken] != 1 || r.Counts[Repeated] < 1 || st.letters(TopicReceipt) != 1 {
			st.t.Errorf("counts %v, %d receipts", r.Counts, st.letters(TopicReceipt))
		}
	})
}

// Nobody watches over Message-IDs: a copied one does not make a mail vanish.
func TestAnotherMailUnderTheSameIDIsNotARepetition(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("one", "摊位费太高。"), st.letter("one", "集市太吵。"), st.letter("one", "摊位费太高。", "From: li@home.example"))
		st.fetch()
		if got := st.texts(); len(got) != 3 {
			st.t.Errorf("the comments are %q", got)
		}
	})
}

func TestAMailboxThatWasMadeAnewDoublesNothing(t *testing.T) {
	each(t, func(st *stage) {
		in := st.settings(box)
		in.Folder = "Letters"
		st.server.Make(st.t, box, "Letters")
		_, err := st.mail.Save(context.Background(), st.as(9, "administrator"), st.account.ID, in, 0)
		must(st.t, err)
		mails := [][]byte{st.letter("one", "一"), st.letter("two", "自动", "Auto-Submitted: auto-replied"), st.letter("three", "三", "To: "+box)}
		st.server.Put(st.t, box, "Letters", begin.Add(time.Hour), mails...)
		st.fetch()
		st.server.Make(st.t, box, "Letters") // another UIDVALIDITY, the same UIDs
		st.server.Put(st.t, box, "Letters", begin.Add(time.Hour), append(mails, st.letter("four", "四"))...)
		st.fetch()
		if got := st.texts(); !slices.Equal(got, []string{"一", "四"}) {
			st.t.Errorf("the comments are %q", got)
		}
		strays, _, _, err := st.mail.Strays(context.Background(), st.officer())
		must(st.t, err)
		if len(strays) != 1 || len(st.room().Machines) != 1 {
			st.t.Errorf("%d strays, %d of machines", len(strays), len(st.room().Machines))
		}
		if all, read := st.server.Read(st.t, box, "Letters"); all != 4 || read != 4 {
			st.t.Errorf("%d mails, %d read", all, read)
		}
	})
}

func TestMailToNoConsultationWaitsUntilOneIsChosen(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("one", "摊位费太高。", "To: "+box))
		st.fetch()
		strays, _, sees, err := st.mail.Strays(context.Background(), st.officer())
		must(st.t, err)
		if !sees || len(strays) != 1 || strays[0].Reason != Unknown || st.letters(TopicReceipt) != 0 {
			st.t.Fatalf("%+v", strays)
		}
		_, err = st.mail.Take(context.Background(), st.officer(), st.c.Slug, strays[0].ID, 0)
		must(st.t, err)
		if got := st.texts(); !slices.Equal(got, []string{"摊位费太高。"}) || st.letters(TopicReceipt) != 1 {
			st.t.Errorf("%q, %d receipts", got, st.letters(TopicReceipt))
		}
	})
}

func TestAnAddressCanBeGivenToAConsultation(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		must(st.t, st.mail.GiveAddress(ctx, st.officer(), st.c.Slug, st.account.ID, "Fairs@Bureau.example"))
		if err := st.mail.GiveAddress(ctx, st.officer(), st.c.Slug, st.account.ID, "fairs@bureau.example"); !fault.Is(err, fault.Invalid) {
			st.t.Errorf("the same address twice: %v", err)
		}
		must(st.t, st.mail.GiveAddress(ctx, st.officer(), st.c.Slug, st.account.ID, ""))
		st.put(st.letter("alias", "一", "To: fairs@bureau.example"), st.letter("own", "二", "To: "+box), st.letter("blind", "三", "To: undisclosed-recipients:;"))
		st.fetch()
		if got := st.texts(); !slices.Equal(got, []string{"一", "二", "三"}) {
			st.t.Errorf("the comments are %q", got)
		}
		must(st.t, st.mail.TakeAddress(ctx, st.officer(), st.c.Slug, "fairs@bureau.example"))
		if err := st.mail.TakeAddress(ctx, st.officer(), st.c.Slug, "fairs@bureau.example"); !fault.Is(err, fault.NotFound) {
			st.t.Errorf("taken away twice: %v", err)
		}
	})
}

func TestOneMailForTwoConsultationsIsOneForEach(t *testing.T) {
	each(t, func(st *stage) {
		second := st.open("夜市管理办法")
		st.clock.Add(time.Hour)
		st.server.Put(st.t, box, "INBOX", st.clock.Now(),
			st.letter("two", "都要有厕所。", "To: "+AddressOf(box, st.c.Slug), "Cc: "+AddressOf(box, second.Slug)))
		st.clock.Add(time.Hour)
		st.fetch()
		if n := st.count("SELECT count(DISTINCT consultation_id) FROM submissions"); n != 2 || len(st.texts()) != 2 {
			st.t.Errorf("%d consultations have it: %q", n, st.texts())
		}
	})
}

// The server's time counts, whatever the mail says; what came after the end is
// taken, and late.
func TestTheServersTimeDecidesWhatIsLate(t *testing.T) {
	each(t, func(st *stage) {
		end := *st.c.ClosesAt
		st.clock.Set(end.Add(48 * time.Hour))
		st.server.Put(st.t, box, "INBOX", end.Add(-time.Second), st.letter("in", "来得及", "Date: Fri, 1 Jan 2027 10:00:00 +0800"))
		st.server.Put(st.t, box, "INBOX", end, st.letter("late", "来不及", "Date: Sun, 1 Nov 2026 10:00:00 +0800"))
		st.server.Put(st.t, box, "INBOX", begin.Add(-time.Hour), st.letter("early", "太早"))
		st.fetch()
		if n := st.count("SELECT count(*) FROM submissions WHERE late AND received_at = ?", end); n != 1 || len(st.texts()) != 2 {
			st.t.Errorf("%d late of %q", n, st.texts())
		}
		if n := st.letters(TopicReceipt); n != 2 {
			st.t.Errorf("%d receipts", n)
		}
		waiting, _ := st.room().reasons()
		if !slices.Equal(waiting, []Reason{Early}) {
			st.t.Fatalf("waiting: %v", waiting)
		}
		m := st.room().Waiting[0]
		if m.SaidAt == nil || !m.SaidAt.Equal(time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)) {
			st.t.Errorf("what the mail says of its time: %v", m.SaidAt)
		}
		_, err := st.mail.Take(context.Background(), st.officer(), st.c.Slug, m.ID, 0)
		must(st.t, err)
		if n := st.count("SELECT count(*) FROM submissions WHERE received_at = ?", *st.c.OpensAt); n != 1 {
			st.t.Error("what came too early does not count from the opening")
		}
	})
}

func TestWhatComesWhenAllIsOverIsKeptAndAnswered(t *testing.T) {
	each(t, func(st *stage) {
		_, err := st.cons.Apply(context.Background(), st.as(2, "reviewer"), st.c.Slug, consultation.Withdraw, consultation.Note{Text: "草案撤回"})
		must(st.t, err)
		st.put(st.letter("over", "还想说一句。"))
		st.fetch()
		waiting, _ := st.room().reasons()
		if !slices.Equal(waiting, []Reason{Over}) || st.letters(TopicOver) != 1 || len(st.texts()) != 0 {
			st.t.Errorf("waiting %v, %d letters, %q", waiting, st.letters(TopicOver), st.texts())
		}
		m := st.room().Waiting[0]
		if _, err := st.mail.Take(context.Background(), st.officer(), st.c.Slug, m.ID, 0); !fault.Is(err, fault.Conflict) {
			st.t.Errorf("taken all the same: %v", err)
		}
	})
}

// receiptID is the Message-ID of the newest letter of a topic, as SMTP writes it.
func (st *stage) receiptID(topic string) string {
	st.t.Helper()
	return "<" + strconv.FormatInt(st.count("SELECT max(id) FROM outbox WHERE topic = ?", topic), 36) + "@bureau.example>"
}

func TestAnAnswerToAReceiptIsAnAdditionAndNotASecondSubmission(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("one", "摊位费太高。"))
		st.fetch()
		st.put(st.letter("reply", "再补充一点：厕所不够。\n\n> 查询码：ABCD", "Subject: Re: 已收到您的意见", "In-Reply-To: "+st.receiptID(TopicReceipt)),
			st.letter("thread", "还有停车。", "Subject: 又及", "References: <one@home.example>"),
			st.letter("else", "我也这样想。", "From: li@home.example", "In-Reply-To: "+st.receiptID(TopicReceipt)))
		st.fetch()
		if got := st.texts(); !slices.Equal(got, []string{"摊位费太高。", "我也这样想。"}) {
			st.t.Errorf("the comments are %q", got)
		}
		waiting := st.room().Waiting
		if len(waiting) != 2 || waiting[0].Reason != Addition || waiting[1].Reason != Addition || waiting[0].Submission == 0 || st.letters(TopicAddition) != 2 {
			st.t.Fatalf("waiting %+v, %d letters", waiting, st.letters(TopicAddition))
		}
		_, err := st.mail.Take(context.Background(), st.officer(), st.c.Slug, waiting[0].ID, 0)
		must(st.t, err)
		if got := st.texts(); !slices.Contains(got, "再补充一点：厕所不够。") {
			st.t.Errorf("the addition's own words are not a comment by themselves: %q", got)
		}
		must(st.t, st.mail.Dismiss(context.Background(), st.officer(), waiting[1].ID, 0))
		if r := st.room(); len(r.Waiting) != 0 || len(r.Dismissed) != 1 {
			st.t.Errorf("%+v", r)
		}
	})
}

func TestAReceiptHoldsWhatItsSenderNeeds(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("one", "摊位费太高。"))
		st.fetch()
		var row struct{ ConsultationID, Ref int64 }
		must(st.t, st.db.Read(context.Background()).Table("outbox").Select("consultation_id, ref").Where("topic = ?", TopicReceipt).Take(&row).Error)
		a, ok, err := st.mail.About(context.Background(), notice.Item{Topic: TopicReceipt, Scope: row.ConsultationID, Ref: row.Ref, Way: notice.Mail})
		must(st.t, err)
		if !ok || a.To != "zhang@home.example" || a.MessageID != "one@home.example" || a.ReplyTo != AddressOf(box, st.c.Slug) || a.Late {
			st.t.Errorf("%+v", a)
		}
		tracked, err := st.subs.Track(context.Background(), a.Number, a.Secret)
		if err != nil || tracked.Submission.ID != row.Ref {
			st.t.Errorf("number and secret of the letter open %v, %v", tracked.Submission.ID, err)
		}
	})
}

func TestSuspectMailsWaitForModerationAndAreCounted(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("spam", "好消息。", "X-Spam-Flag: YES"))
		var flood [][]byte
		for n := range manyADay + 2 {
			flood = append(flood, st.letter(fmt.Sprint("flood", n), fmt.Sprint("第", n, "封")))
		}
		st.put(flood...)
		st.fetch()
		if n := st.count("SELECT count(*) FROM submissions WHERE held = 'mail_spam'"); n != 1 {
			st.t.Errorf("%d held as spam", n)
		}
		if n := st.count("SELECT count(*) FROM submissions WHERE held = 'mail_flood'"); n != 3 {
			st.t.Errorf("%d held of a flood", n)
		}
		if n := st.count("SELECT submissions FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != manyADay+3 {
			st.t.Errorf("%d are counted", n)
		}
		if n := st.letters(TopicReceipt); n != manyADay {
			st.t.Errorf("%d receipts to one sender within a day", n)
		}
	})
}

func TestSubjectsThatSaySomethingBelongToTheWords(t *testing.T) {
	each(t, func(st *stage) {
		long := strings.Repeat("长", submission.MostText) + "\n\n" + "尾"
		st.put(st.letter("a", "理由如下。", "Subject: 第七条应当删去"), st.letter("b", "", "Subject: 我同意"),
			st.letter("c", "内容", "Subject: 集市管理办法"), st.letter("d", long, "From: li@home.example"))
		st.fetch()
		got := st.texts()
		for _, want := range []string{"第七条应当删去\n\n理由如下。", "我同意", "内容", "尾"} {
			if !slices.Contains(got, want) {
				st.t.Errorf("%q is not among %.40q", want, got)
			}
		}
		if n := st.count("SELECT count(*) FROM submissions"); n != 4 {
			st.t.Errorf("%d submissions; waiting %+v", n, st.room().Waiting)
		}
	})
}

func TestOnlyOwnOfficersSeeAndDecide(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		st.put(st.letter("one", "", "Subject: ", "Content-Type: text/plain"))
		st.fetch()
		m := st.room().Waiting[0]
		if m.Reason != Empty {
			st.t.Errorf("an empty mail: %+v", m)
		}
		stranger := st.as(7)
		stranger.Grants = append(stranger.Grants, st.officer().Grants[0])
		stranger.Grants[0].Organisation++
		for who, want := range map[string]fault.Kind{"auditor": fault.Forbidden, "elsewhere": fault.NotFound} {
			a := stranger
			if who == "auditor" {
				a = st.as(5, "auditor")
			}
			if _, err := st.mail.One(ctx, a, m.ID); !fault.Is(err, want) {
				st.t.Errorf("%s reads it: %v", who, err)
			}
			if _, err := st.mail.Take(ctx, a, st.c.Slug, m.ID, 0); !fault.Is(err, want) {
				st.t.Errorf("%s takes it: %v", who, err)
			}
			if err := st.mail.Dismiss(ctx, a, m.ID, 0); !fault.Is(err, want) {
				st.t.Errorf("%s dismisses it: %v", who, err)
			}
			if _, err := st.mail.Original(ctx, a, m.ID); !fault.Is(err, want) {
				st.t.Errorf("%s gets its bytes: %v", who, err)
			}
		}
		raw, err := st.mail.Original(ctx, st.officer(), m.ID)
		if err != nil || string(raw) != string(st.letter("one", "", "Subject: ", "Content-Type: text/plain")) {
			st.t.Errorf("the bytes are %q, %v", raw, err)
		}
	})
}

// Nothing of a person stands in the open in the tables of mail or in the audit.
func TestPersonalDataIsSealed(t *testing.T) {
	st := newStageOn(t)
	st.put(st.letter("one", "摊位费太高。我的电话13812345678"))
	st.fetch()
	for _, table := range []string{"mails", "mail_originals", "mail_accounts", "audit_entries", "outbox"} {
		rows, err := st.db.Reader().Query("SELECT * FROM " + table)
		must(t, err)
		text := dump(t, rows)
		for _, never := range []string{"zhang@home", "张三", "摊位费", "13812345678", "geheim"} {
			if strings.Contains(text, never) {
				t.Errorf("%s holds %q in the open", table, never)
			}
		}
	}
}

// Every mail of the sets of open projects is a submission, or set aside with its
// bytes; none stops the fetching.
func TestRealMailsAreAllKept(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "mail", "*.eml"))
	must(t, err)
	own, err := filepath.Glob(filepath.Join("reader", "testdata", "*.eml"))
	must(t, err)
	st := newStageOn(t)
	must(t, st.mail.GiveAddress(context.Background(), st.officer(), st.c.Slug, st.account.ID, ""))
	for _, name := range append(names, own...) {
		raw, err := os.ReadFile(name)
		must(t, err)
		st.put(raw)
	}
	all := int64(len(names) + len(own))
	if n := st.fetch(); int64(n) != all {
		t.Errorf("%d of %d were stored", n, all)
	}
	if n := st.count("SELECT count(*) FROM mails"); n != all {
		t.Errorf("%d rows for %d mails", n, all)
	}
	if n := st.count("SELECT count(*) FROM mail_originals"); n != all-st.count("SELECT count(*) FROM mails WHERE state = ?", Repeated) {
		t.Errorf("%d originals for %d mails", n, all)
	}
	if got, read := st.server.Read(t, box, "INBOX"); int64(read) != all || int64(got) != all {
		t.Errorf("%d in the mailbox, %d marked as read", got, read)
	}
	if n := st.count("SELECT count(*) FROM mails WHERE reason = ?", Refused); n != 0 {
		t.Errorf("%d were refused by the submission's rules", n)
	}
}

func newStageOn(t *testing.T) *stage {
	t.Helper()
	st, _ := stageAt(t, database.SQLite)
	return st
}
