package meeting_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/procedure"
	"guangyi/policies"
)

func TestAMoveAnExtensionAndACancellationAreTold(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		var told []meeting.Event
		for _, e := range []meeting.Event{meeting.Extend, meeting.MoveDate, meeting.Cancel} {
			b.Consequence(e, func(_ ctxType, _ *database.Tx, m meeting.Meeting, e meeting.Event) error {
				told = append(told, e)
				return nil
			})
		}
		later := m.ClosesAt.Add(12 * time.Hour)
		_, err := b.Apply(ctx, b.secretary(), m.Slug, meeting.Extend, meeting.Note{ClosesAt: &later})
		b.refused(err, fault.Invalid, "")
		tooLate := m.Seed.KnownAt
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Extend, meeting.Note{Text: "报名的人少", ClosesAt: &tooLate})
		b.refused(err, fault.Invalid, "")
		m, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Extend, meeting.Note{Text: "报名的人少", ClosesAt: &later})
		must(t, err)
		if !m.ClosesAt.Equal(later) || !m.Extended() {
			t.Errorf("extended to %v", m.ClosesAt)
		}
		next := m.StartsAt.Add(7 * day)
		was := m
		m, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.MoveDate, meeting.Note{Text: "会议室维修", StartsAt: &next})
		must(t, err)
		if !m.StartsAt.Equal(next) || m.EndsAt.Sub(m.StartsAt) != was.EndsAt.Sub(was.StartsAt) || !m.FirstStartsAt.Equal(was.StartsAt) || m.RulesDigest != was.RulesDigest {
			t.Errorf("moved to %+v", m)
		}
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Cancel, meeting.Note{Text: "议题撤销"})
		b.refused(err, fault.Forbidden, "")
		_, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Cancel, meeting.Note{Text: "议题撤销"})
		must(t, err)
		_, _, err = b.Receive(ctx, actor.Public(), m.Slug, applicant(1, "citizen"))
		b.refused(err, fault.Gone, "meeting.cancelled")
		if len(told) != 3 {
			t.Errorf("told %v", told)
		}
		past, err := b.History(ctx, m.ID)
		must(t, err)
		if len(past) != 5 || !strings.Contains(past[3].Detail, "starts_at_before") {
			t.Errorf("history %+v", past)
		}
	})
}

func TestAnItemThatSlipsTakesItsInviteesAlong(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		from := b.opened(b.byOrder(5))
		in := b.byOrder(5)
		in.StartsAt, in.EndsAt = ptr(in.StartsAt.Add(7*day)), ptr(in.EndsAt.Add(7*day))
		in.OpensAt = nil
		to := b.published(in)
		slipping, err := b.AddItem(ctx, b.secretary(), from.Slug, meeting.ItemIn{Title: "审议收费办法", Attended: true})
		must(t, err)
		_, err = b.AddItem(ctx, b.secretary(), from.Slug, meeting.ItemIn{Title: "听取汇报"}) // without representatives
		must(t, err)
		one, two := b.apply(from, applicant(1, "")), b.apply(from, applicant(2, ""))
		there := b.apply(to, applicant(2, "")) // comes to the other meeting anyway
		n, err := b.MoveItem(ctx, b.secretary(), from.Slug, slipping.ID, to.Slug, "")
		b.refused(err, fault.Invalid, "")
		n, err = b.MoveItem(ctx, b.secretary(), from.Slug, slipping.ID, to.Slug, "材料没有准备好")
		must(t, err)
		if n != 2 {
			t.Errorf("%d went along", n)
		}
		all, err := b.Applications(ctx, to.ID)
		must(t, err)
		if len(all) != 2 || all[0].ID != there.ID || all[1].CarriedFrom != one.ID || all[1].State != meeting.Seated {
			t.Fatalf("there %+v", all)
		}
		p, err := b.Person(ctx, all[1])
		must(t, err)
		if p.Name != "申请人1" {
			t.Errorf("carried %+v", p)
		}
		for _, a := range []meeting.Application{one, two} {
			now, err := b.ApplicationByID(ctx, from.ID, a.ID)
			must(t, err)
			if now.State != meeting.Carried {
				t.Errorf("number %d is %s", now.Number, now.State)
			}
		}
		items, err := b.Items(ctx, to.ID)
		must(t, err)
		if len(items) != 1 || items[0].MovedFrom != from.ID || items[0].State != meeting.ItemPlanned {
			t.Errorf("agenda there %+v", items)
		}
		b.agrees(from.ID)
		b.agrees(to.ID)
		_, err = b.MoveItem(ctx, b.secretary(), from.Slug, slipping.ID, to.Slug, "再移一次")
		b.refused(err, fault.Conflict, "meeting.item_state")
	})
}

func TestStaffEnterNominateAndOpenContactsOnTheRecord(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Method = ptr(meeting.Mixed)
		in.Categories = &[]meeting.Category{
			{Code: "citizen", Name: "市民代表", Seats: 6, Method: meeting.ByDraw}, {Code: "expert", Name: "专家学者", Seats: 2, Method: meeting.ByNomination},
		}
		m := b.opened(in)
		expert := applicant(1, "expert")
		expert.Channel = "web"
		_, _, err := b.Nominate(ctx, b.secretary(), m.Slug, expert, "养老服务标准的起草人")
		b.refused(err, fault.Invalid, "") // staff say how it reached them
		expert.Channel = "letter"
		_, _, err = b.Nominate(ctx, b.secretary(), m.Slug, expert, " ")
		b.refused(err, fault.Invalid, "")
		a, _, err := b.Nominate(ctx, b.secretary(), m.Slug, expert, "养老服务标准的起草人")
		must(t, err)
		if !a.Nominated || a.Reason == "" || a.State != meeting.Applied {
			t.Errorf("nominated %+v", a)
		}
		citizen := applicant(2, "citizen")
		citizen.Channel = "phone"
		_, _, err = b.Nominate(ctx, b.secretary(), m.Slug, citizen, "认识")
		b.refused(err, fault.Conflict, "meeting.no_nomination")
		phoned, secret, err := b.Enter(ctx, b.secretary(), m.Slug, citizen)
		must(t, err)
		if phoned.EnteredBy == "" || secret == "" {
			t.Errorf("entered %+v", phoned)
		}
		officer := person(7, b.org, actor.Officer)
		_, _, err = b.Contact(ctx, officer, m.Slug, phoned.ID)
		b.refused(err, fault.Forbidden, "")
		_, p, err := b.Contact(ctx, b.secretary(), m.Slug, phoned.ID)
		must(t, err)
		if p.Name != "申请人2" || b.count("SELECT count(*) FROM audit_entries WHERE action = 'contact' AND object_id = ?", phoned.ID) != 1 {
			t.Errorf("contact %+v", p)
		}
		auditor := person(8, b.org, actor.Auditor)
		_, rows, err := b.Trail(ctx, auditor, m.Slug, 0, 50)
		must(t, err)
		if rows[0].Action != "contact" {
			t.Errorf("trail begins with %s", rows[0].Action)
		}
	})
}

func TestAChangeKeepsTheReferenceAndALaterVettingAnew(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		a, secret, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(1, "citizen"))
		must(t, err)
		_, err = b.Vet(ctx, b.secretary(), m.Slug, a.ID, true, "", a.Version)
		must(t, err)
		in := applicant(1, "expert")
		in.Person.Phone = "13900000000"
		changed, err := b.Change(ctx, actor.Public(), a.Reference, secret, in, 0)
		must(t, err)
		if changed.Reference != a.Reference || changed.Label != "专家01" || changed.VettedBy != "" {
			t.Errorf("changed %+v", changed)
		}
		b.agrees(m.ID)
		other := applicant(3, "citizen")
		other.Person.Phone = "138 0000 0001" // the first's old number is free again
		b.apply(m, other)
		in.Person.Phone = other.Person.Phone
		_, err = b.Change(ctx, actor.Public(), a.Reference, secret, in, 0)
		b.refused(err, fault.Conflict, "meeting.applied_already")
		b.clock.Set(*m.ClosesAt)
		_, err = b.Change(ctx, actor.Public(), a.Reference, secret, applicant(1, "expert"), 0)
		b.refused(err, fault.Gone, "meeting.closed")
	})
}

func TestACallForThePoolOrForNamedPersonsTurnsOthersAway(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.byOrder(3)
		in.OpenTo = ptr(meeting.ToNamed)
		named := b.opened(in)
		_, _, err := b.Receive(ctx, actor.Public(), named.Slug, applicant(1, ""))
		b.refused(err, fault.Forbidden, "meeting.named_only")
		added, err := b.NamePersons(ctx, b.secretary(), named.Slug, []string{"138 0000 0001", "x@mail.example"})
		must(t, err)
		if added != 2 {
			t.Errorf("%d named", added)
		}
		b.apply(named, applicant(1, ""))
		in = b.byOrder(3)
		in.OpenTo, in.OpensAt = ptr(meeting.ToPool), nil
		pool := b.published(in)
		_, _, err = b.Receive(ctx, actor.Public(), pool.Slug, applicant(2, ""))
		b.refused(err, fault.Forbidden, "meeting.pool_only")
	})
}

func TestAStatuteRefusesAHearingThatIsCalledTooLate(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		profiles, err := procedure.Load(policies.Procedures, time.FixedZone("Asia/Shanghai", 8*3600))
		must(t, err)
		b.UseProcedures(profiles)
		in := b.call()
		in.Kind, in.Procedure, in.Rules = ptr(meeting.Hearing), ptr("cn"), ptr("rule")
		m, err := b.Prepare(ctx, b.secretary(), b.org.ID, in)
		must(t, err)
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid || f.Fields[0].Name != "starts_at" || !strings.HasPrefix(f.Fields[0].Code, "procedure.") {
			t.Fatalf("a hearing on a rule after 17 days: %v", err)
		}
		far := b.clock.Now().Add(40 * day)
		_, err = b.Edit(ctx, b.secretary(), m.Slug, meeting.In{StartsAt: ptr(far), EndsAt: ptr(far.Add(time.Hour))}, 0)
		must(t, err)
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
		must(t, err)
		b.clock.Add(15 * day)
		_, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
		b.refused(err, fault.Invalid, "") // it lay too long in review
	})
}

func TestAQuotaIsCorrectedOnlyByADatedPublicCorrection(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		correct := func(who actor.Actor, reason string, min int) error {
			return b.db.Write(ctx, who, func(tx *database.Tx) error {
				locked, err := b.Lock(tx, m.ID)
				if err != nil {
					return err
				}
				return b.CorrectQuotas(ctx, tx, &locked, []meeting.Quota{{Category: "sex", Feature: "female", Min: min, Max: 8}}, reason)
			})
		}
		b.refused(correct(b.secretary(), "报名的女性不够", 2), fault.Forbidden, "")
		b.refused(correct(b.reviewer(), "", 2), fault.Invalid, "")
		must(t, correct(b.reviewer(), "报名的女性不够", 2))
		now, err := b.BySlug(ctx, m.Slug)
		must(t, err)
		if now.Quotas[0].Min != 2 || now.RulesDigest == m.RulesDigest {
			t.Errorf("corrected %+v", now.Quotas)
		}
		past, err := b.History(ctx, m.ID)
		must(t, err)
		last := past[len(past)-1]
		if last.Event != meeting.Correct || last.Note == "" || !strings.Contains(last.Detail, m.RulesDigest) {
			t.Errorf("history %+v", last)
		}
	})
}

func TestNothingPersonalIsReadableAndErasedIsGone(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.byOrder(3))
		in := applicant(1, "")
		in.Person = meeting.Person{Name: "甲乙丙丁", Phone: "13812345678", Email: "canary@mail.example", Address: "人民路1号", IDNumber: "330100199001011234"}
		a := b.apply(m, in)
		for _, table := range []string{"applications", "applicants", "audit_entries", "meeting_events", "meeting_named"} {
			for _, c := range b.cells(table) {
				for _, canary := range []string{"甲乙丙丁", "13812345678", "canary", "人民路1号", "330100199001011234"} {
					if strings.Contains(c, canary) {
						t.Errorf("%s holds %q", table, c)
					}
				}
			}
		}
		must(t, b.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
			locked, err := b.Lock(tx, m.ID)
			if err != nil {
				return err
			}
			return b.Erase(tx, locked, a.ID)
		}))
		now, err := b.ApplicationByID(ctx, m.ID, a.ID)
		must(t, err)
		p, err := b.Person(ctx, now)
		must(t, err)
		if !now.Erased || now.Household != nil || p != (meeting.Person{}) || b.count("SELECT count(*) FROM applicants") != 0 {
			t.Errorf("left %+v %+v", now, p)
		}
	})
}

func (b *bureau) cells(table string) (out []string) {
	b.t.Helper()
	rows, err := b.db.Reader().Query("SELECT * FROM " + table)
	must(b.t, err)
	defer rows.Close()
	columns, _ := rows.Columns()
	for rows.Next() {
		values, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		must(b.t, rows.Scan(at...))
		for _, v := range values {
			switch x := v.(type) {
			case string:
				out = append(out, x)
			case []byte:
				out = append(out, string(x))
			}
		}
	}
	return out
}

const catalan = "ID de cita,Títol,Descripció,Data,Adreça,Districte,Categoria,Subcategoria,Assistents,Propostes,Intervencions,URL\n" +
	"4,Consells de barri del Gòtic ,\"Treball\nde propostes\",09/02/2016,\"Carrer del Regomir, 3\",Ciutat Vella,Bon govern,Participació,79,25,30,https://decidim.barcelona/meetings/consells-de-barri-del-gotic\n" +
	"7,Raval,,11/02/2016,,,,,,13,,\n" +
	",Sense número,,11/02/2016,,,,,1,1,1,\n" +
	"9,Mal dia,,31/02/2016,,,,,1,1,1,\n" +
	"10,Mal compte,,01/02/2016,,,,,-1,1,1,\n"

func TestPastMeetingsAreImportedOnceAndBadRowsAreNamed(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		run := func(org int64, dry bool) (meeting.Imported, []meeting.Finding) {
			file := t.TempDir() + "/meetings.csv"
			must(t, os.WriteFile(file, []byte(catalan), 0o600))
			rows, err := sheet.Open(file)
			must(t, err)
			defer rows.Close()
			var found []meeting.Finding
			got, err := b.Import(ctx, actor.Console(), meeting.Bulk{Organisation: org, Lang: "ca", Zone: time.UTC, DryRun: dry}, rows,
				func(f meeting.Finding) { found = append(found, f) })
			must(t, err)
			return got, found
		}
		if got, _ := run(b.org.ID, true); got != (meeting.Imported{Rows: 5, Taken: 2, Refused: 3}) {
			t.Errorf("dry %+v", got)
		}
		got, found := run(b.org.ID, false)
		if got != (meeting.Imported{Rows: 5, Taken: 2, Refused: 3}) {
			t.Errorf("imported %+v", got)
		}
		for i, want := range []struct{ line, column int }{{5, 1}, {6, 4}, {7, 9}} {
			if found[i].Line != want.line || found[i].Column != want.column {
				t.Errorf("finding %+v, want line %d column %d", found[i], want.line, want.column)
			}
		}
		if again, _ := run(b.org.ID, false); again.Repeated != 2 || again.Taken != 0 {
			t.Errorf("again %+v", again)
		}
		if elsewhere, _ := run(b.other.ID, false); elsewhere.Taken != 2 {
			t.Errorf("elsewhere %+v", elsewhere)
		}
		m, err := b.BySlug(ctx, "consells-de-barri-del-gotic")
		must(t, err)
		if s, _ := m.PublicStatus(b.clock.Now()); s != meeting.PublicAccount || m.Attended != 79 || m.Proposals != 25 || m.Interventions != 30 ||
			m.StartsAt != time.Date(2016, 2, 9, 0, 0, 0, 0, time.UTC) || m.Description != "Treball\nde propostes" || m.Lang != "ca" {
			t.Errorf("imported as %+v", m)
		}
		list, err := b.List(ctx, meeting.Filter{Organisation: b.org.ID})
		must(t, err)
		if len(list.Items) != 2 || list.Items[0].Title != "Raval" || list.Items[0].Attended != meeting.Unknown {
			t.Errorf("listed %+v", list.Items)
		}
		_, err = b.Import(ctx, person(3, b.org, actor.Officer), meeting.Bulk{Organisation: b.org.ID}, nil, nil)
		b.refused(err, fault.Forbidden, "")
	})
}

func TestTheTableOfApplicantsNamesOnlyWhomItMay(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.byOrder(2))
		open, closed := applicant(1, ""), applicant(2, "")
		open.Person.Name, open.PublishName = "=1+1", true
		b.apply(m, open)
		b.apply(m, closed)
		export := func(who actor.Actor) string {
			var out bytes.Buffer
			must(t, b.Export(ctx, who, m.Slug, &out, sheet.CSV))
			return out.String()
		}
		auditor := person(8, b.org, actor.Auditor)
		if text := export(auditor); !strings.Contains(text, "'=1+1") || strings.Contains(text, "申请人2") || strings.Contains(text, "138") {
			t.Errorf("for the auditor:\n%s", text)
		}
		if text := export(b.secretary()); !strings.Contains(text, "申请人2") || !strings.Contains(text, "13800000002") {
			t.Errorf("for the secretary:\n%s", text)
		}
		err := b.Export(ctx, person(9, b.other, actor.Secretary), m.Slug, &bytes.Buffer{}, sheet.CSV)
		b.refused(err, fault.NotFound, "")
	})
}

func TestTheListPagesThroughAllStatesInOrder(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		for i := range 5 {
			in := b.byOrder(3)
			in.StartsAt, in.EndsAt = ptr(in.StartsAt.Add(time.Duration(i)*day)), ptr(in.EndsAt.Add(time.Duration(i)*day))
			if i%2 == 0 {
				in.OpensAt = nil
			}
			b.published(in)
		}
		whole, err := b.List(ctx, meeting.Filter{})
		must(t, err)
		var paged []string
		for cursor := int64(0); ; {
			p, err := b.List(ctx, meeting.Filter{Cursor: cursor, Limit: 1})
			must(t, err)
			for _, m := range p.Items {
				paged = append(paged, m.Slug)
			}
			if cursor = p.Next; cursor == 0 {
				break
			}
		}
		if len(whole.Items) != 5 || len(paged) != 5 {
			t.Fatalf("%d at once, %d in pages", len(whole.Items), len(paged))
		}
		for i, m := range whole.Items {
			if paged[i] != m.Slug {
				t.Errorf("place %d: %s, in pages %s", i, m.Slug, paged[i])
			}
		}
		for i, want := range []meeting.PublicStatus{"open", "open", "open", "announced", "announced"} {
			if s, _ := whole.Items[i].PublicStatus(b.clock.Now()); s != want {
				t.Errorf("place %d is %s", i, s)
			}
		}
	})
}
