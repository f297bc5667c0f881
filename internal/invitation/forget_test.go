package invitation_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
)

// dump is every value of every table, as far as it can be read as bytes.
func (b *bureau) dump() []byte {
	b.t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if b.db.Dialect() == database.Postgres {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var tables []string
	must(b.t, b.db.Read(ctx).Raw(query).Scan(&tables).Error)
	if len(tables) < 20 {
		b.t.Fatalf("only %v", tables)
	}
	var out bytes.Buffer
	for _, table := range tables {
		var rows []map[string]any
		must(b.t, b.db.Read(ctx).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				if raw, ok := value.([]byte); ok {
					fmt.Fprintf(&out, "%s.%s = %x %s\n", table, column, raw, raw)
					continue
				}
				fmt.Fprintf(&out, "%s.%s = %v\n", table, column, value)
			}
		}
	}
	return out.Bytes()
}

func (b *bureau) text(query string, args ...any) (s string) {
	b.t.Helper()
	must(b.t, b.db.Read(ctx).Raw(query, args...).Scan(&s).Error)
	return s
}

func (b *bureau) sealed(table, column string, a meeting.Application) string {
	b.t.Helper()
	var raw []byte
	err := b.db.Read(ctx).Raw(fmt.Sprintf("SELECT %s FROM %s WHERE application_id = ?", column, table), a.ID).Row().Scan(&raw)
	must(b.t, err)
	if len(raw) == 0 {
		b.t.Fatalf("%s.%s of %s is empty", table, column, a.Label)
	}
	return fmt.Sprintf("%x", raw)
}

func TestThoseWhoDoNotComeAreForgottenOnTheDayThatWasPromised(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(5, 2, 1, nil)
		comes, declined, reserve, refused := all[0], all[1], all[2], all[4]
		must(t, b.Accept(ctx, b.link(comes), invitation.Needs{Wheelchair: true}))
		must(t, b.Accept(ctx, b.link(declined), invitation.Needs{Diet: "清真"}))
		must(t, b.AskAgain(ctx, b.secretary(), m.Slug, comes.ID))
		was := map[string]string{
			"name and contact of who declined": b.sealed("applicants", "sealed", declined), "needs of who declined": b.sealed("invitations", "sealed_needs", declined),
			"link of who declined": b.sealed("invitations", "sealed_token", declined), "index of who was refused": b.sealed("applicants", "person_index", refused),
			"name and contact of who was refused": b.sealed("applicants", "sealed", refused),
		}
		must(t, b.Decline(ctx, b.link(declined)))
		kept := b.sealed("applicants", "sealed", comes)
		before := b.dump()
		if !bytes.Contains(before, []byte(was["name and contact of who declined"])) || !bytes.Contains(before, []byte(kept)) {
			t.Fatal("the search of the database finds nothing")
		}
		b.clock.Set(m.ForgetAt.Add(-1))
		must(t, b.Moments(ctx))
		if !bytes.Contains(b.dump(), []byte(was["name and contact of who was refused"])) {
			t.Error("forgotten too early")
		}
		b.post.sent = nil
		b.clock.Set(*m.ForgetAt)
		must(t, b.Moments(ctx))
		must(t, b.Moments(ctx))
		b.deliver()
		after := b.dump()
		for what, raw := range was {
			if bytes.Contains(after, []byte(raw)) {
				t.Errorf("%s is still there", what)
			}
		}
		for _, clear := range []string{"wang1@", "wang4@", "13800000001", "13800000004", "王小1", "王小4", "清真"} {
			if bytes.Contains(after, []byte(clear)) {
				t.Errorf("%s is still there", clear)
			}
		}
		if !bytes.Contains(after, []byte(kept)) {
			t.Error("who came is forgotten before the statements were answered")
		}
		if b.state(reserve) != meeting.Chosen && b.state(reserve) != meeting.Lapsed {
			t.Errorf("the reserve is %s", b.state(reserve))
		}
		if n := b.count("SELECT COUNT(*) FROM audit_entries WHERE action = 'forget' AND object_id = ?", m.ID); n != 1 {
			t.Errorf("the trail tells of it %d times", n)
		}
		if n := b.count("SELECT COUNT(*) FROM applications WHERE meeting_id = ?", m.ID); n != 5 {
			t.Errorf("%d applications are left to count", n)
		}
		b.clock.Set(m.EndsAt.Add(invitation.KeepAttended))
		must(t, b.Moments(ctx))
		if b.count("SELECT COUNT(*) FROM applicants WHERE meeting_id = ?", m.ID) != 0 {
			t.Error("who came is never forgotten")
		}
	})
}

func TestALetterThatWaitsIsNotSentToSomebodyForgotten(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.selected(2, 1, 0, nil)
		_, err := b.Invite(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.clock.Set(*m.ForgetAt)
		must(t, b.Moments(ctx))
		b.deliver()
		if got := b.letters(all[1]); slices.Contains(got, "not_selected") {
			t.Errorf("a letter went to somebody who was forgotten: %v", got)
		}
	})
}
