package mailbox

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation/consultationtest"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/imaptest"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

const law = `办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。
`

const (
	box   = "advice@bureau.example" // the bureau's mailbox
	other = "second@bureau.example"
)

// begin is when the consultation opens; mail comes an hour later unless a test says
// otherwise.
var begin = time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)

// stage is a bureau with one open consultation and a mailbox on a mail server.
type stage struct {
	t       *testing.T
	db      *database.DB
	clock   *clock.Manual
	server  *imaptest.Server
	cons    *consultation.Service
	subs    *submission.Service
	files   *attachment.Service
	keys    *seal.Keys
	folder  string // of keys and files
	mail    *Service
	org     int64
	c       consultation.Consultation
	account Account
}

// each runs a test on both databases with the server of this process.
func each(t *testing.T, test func(*stage)) {
	t.Helper()
	databasetest.EachWith(t, database.Options{Clock: clock.At(begin)}, func(t *testing.T, db *database.DB) {
		test(newStage(t, db, imaptest.Memory(t, box, other)))
	})
}

func newStage(t *testing.T, db *database.DB, server *imaptest.Server) *stage {
	t.Helper()
	st := &stage{t: t, db: db, clock: db.Clock().(*clock.Manual), server: server, folder: t.TempDir()}
	st.clock.Set(begin)
	st.wire()
	org, err := organisation.New(db, st.gate()).Add(context.Background(), actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st.org = org.ID
	st.c = st.open("集市管理办法")
	st.account = st.add(box)
	st.clock.Add(2 * time.Hour)
	return st
}

func (st *stage) gate() *access.Gate {
	gate, err := access.New()
	must(st.t, err)
	return gate
}

func (st *stage) wire() {
	var err error
	gate := st.gate()
	st.keys, err = seal.Open(context.Background(), st.db, st.folder)
	must(st.t, err)
	drafts := draft.New(st.db, gate)
	st.cons = consultation.New(st.db, gate, drafts, organisation.New(st.db, gate))
	st.subs = submission.New(st.db, gate, st.keys, st.cons, drafts)
	st.t.Cleanup(st.subs.Close)
	st.files, err = attachment.New(st.db, gate, st.folder+"/attachments")
	must(st.t, err)
	st.subs.ClaimWith(st.files)
	st.mail = st.service()
}

// service is another process on the same database.
func (st *stage) service() *Service {
	return New(Deps{
		DB: st.db, Gate: st.gate(), Keys: st.keys, Consultations: st.cons, Submissions: st.subs, Files: st.files,
		Hosts: []string{"127.0.0.0/8", "localhost"}, Roots: st.server.Roots, Sender: "letters@bureau.example",
	})
}

// add sets a mailbox up.
func (st *stage) add(address string) Account {
	st.t.Helper()
	a, err := st.mail.Save(context.Background(), st.as(9, actor.Administrator), 0, st.settings(address), 0)
	must(st.t, err)
	return a
}

func (st *stage) settings(address string) AccountIn {
	return AccountIn{Organisation: st.org, Address: address, Host: imaptest.Host, Port: st.server.Port, Security: TLS, Password: imaptest.Password, Active: true}
}

// open brings a new consultation of thirty days to the public.
func (st *stage) open(title string) consultation.Consultation {
	st.t.Helper()
	return consultationtest.Open(st.t, st.cons, consultationtest.Notice{Organisation: st.org, Officer: st.as(1, actor.Officer), Reviewer: st.as(2, actor.Reviewer),
		Law: law, Title: title, Public: consultation.PublicNo, Ends: st.clock.Now().Add(30 * 24 * time.Hour)})
}

func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprintf("person %d", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: st.org, Role: r})
	}
	return a
}

func (st *stage) officer() actor.Actor { return st.as(1, actor.Officer) }

// letter is a mail of a person to the consultation; headers replace those of the
// same name.
func (st *stage) letter(id, body string, headers ...string) []byte {
	fields := []string{"From: 张三 <zhang@home.example>", "To: " + AddressOf(box, st.c.Slug), "Subject: 意见", "Message-ID: <" + id + "@home.example>",
		"Date: Sun, 1 Nov 2026 10:00:00 +0800", "Content-Type: text/plain; charset=utf-8"}
	for _, h := range headers {
		name, _, _ := strings.Cut(h, ":")
		for i, f := range fields {
			if strings.HasPrefix(f, name+":") {
				fields[i] = ""
			}
		}
		fields = append(fields, h)
	}
	var b strings.Builder
	for _, f := range fields {
		if f != "" && !strings.HasSuffix(f, ": ") {
			b.WriteString(f + "\r\n")
		}
	}
	return []byte(b.String() + "\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n")
}

// put lays mails into the mailbox an hour after the opening.
func (st *stage) put(mails ...[]byte) {
	st.t.Helper()
	st.server.Put(st.t, box, "INBOX", begin.Add(time.Hour), mails...)
}

// fetch reads the mailbox to its end.
func (st *stage) fetch() int {
	st.t.Helper()
	n, err := st.mail.Fetch(context.Background(), st.account.ID)
	must(st.t, err)
	return n
}

func (st *stage) room() Room {
	st.t.Helper()
	r, err := st.mail.Room(context.Background(), st.officer(), st.c.Slug)
	must(st.t, err)
	return r
}

// texts are the comments that came by mail, in order.
func (st *stage) texts() (out []string) {
	st.t.Helper()
	must(st.t, st.db.Read(context.Background()).Table("comments").Where("channel = 'email'").Order("received_at, id").Pluck("text", &out).Error)
	return out
}

func (st *stage) count(sql string, args ...any) (n int64) {
	st.t.Helper()
	must(st.t, st.db.Read(context.Background()).Raw(sql, args...).Scan(&n).Error)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stageAt is a stage on one kind of database, with the server of this process; other
// processes can open the database too.
func stageAt(t *testing.T, dialect database.Dialect) (st *stage, target string) {
	t.Helper()
	target = databasetest.Target(t, dialect)
	db, err := database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return newStage(t, db, imaptest.Memory(t, box, other)), target
}

// dump writes every value of a result as text.
func dump(t *testing.T, rows *sql.Rows) string {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var b strings.Builder
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, rows.Scan(into...))
		for _, v := range values {
			fmt.Fprintf(&b, "%s ", v)
		}
	}
	must(t, rows.Err())
	return b.String()
}
