package meeting

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// ApplicationIn is an application as it comes in.
type ApplicationIn struct {
	Key      string // of idempotency; empty: none
	Channel  string // web, api; staff: phone, letter, visit
	Lang     string
	Category string
	Side     string
	Session  int64
	Party    int // persons, itself included; 0 is 1
	Sex      string
	District string
	Answers  map[string]string
	Conflict bool // there is a conflict of interest, described in Person.Conflict
	Person   Person

	PublishName bool
	Consent     bool
}

// Takes is nil when applications are taken at an instant. Conflict
// meeting.not_open before it opens; Gone meeting.closed from the closing instant
// on; Gone meeting.cancelled; NotFound before approval.
func (m Meeting) Takes(at time.Time) error {
	switch status, _ := m.PublicStatus(at); status {
	case PublicOpen:
		return nil
	case PublicAnnounced:
		return fault.New(fault.Conflict, "meeting.not_open")
	case PublicCancelled:
		return fault.New(fault.Gone, "meeting.cancelled")
	case "":
		return fault.Missing()
	}
	return fault.New(fault.Gone, "meeting.closed")
}

// Receive takes an application from the public and gives it with its secret. The
// same key with the same content gives the same application, also after the end.
//
// Faults: NotFound for a meeting that is not public; those of Takes; Invalid with
// its fields; Unauthenticated where the call demands an account; Forbidden
// meeting.pool_only, meeting.named_only; Conflict meeting.applied_already (one
// application a person), meeting.key_reused.
func (s *Service) Receive(ctx context.Context, who actor.Actor, slug string, in ApplicationIn) (Application, string, error) {
	m, err := s.BySlug(ctx, slug)
	if err != nil {
		return Application{}, "", err
	}
	if err := s.gate.Require(who, PermissionApply, m.Organisation); err != nil {
		return Application{}, "", err
	}
	if in.Channel == "" {
		in.Channel = "web"
	}
	if in.Channel != "web" && in.Channel != "api" {
		return Application{}, "", fault.Fields{{Name: "channel", Code: "meeting.choice"}}.Err()
	}
	hash := s.bodyHash(m.ID, in)
	if a, ok, err := s.byKey(s.db.Read(ctx), m.ID, in.Key, hash); ok || err != nil {
		return a, s.secretOf(a), err
	}
	if err := m.Takes(s.db.Now()); err != nil {
		return Application{}, "", err
	}
	if err := s.check(m, &in); err != nil {
		return Application{}, "", err
	}
	a := Application{Channel: in.Channel}
	if who.Kind == actor.Account {
		a.Account = who.ID
	}
	if err := s.admit(ctx, who, m, in, &a); err != nil {
		return Application{}, "", err
	}
	a, err = s.take(ctx, who, m.ID, in, a, hash)
	return a, s.secretOf(a), err
}

// Accepted gives the application that was taken before under the same key for the
// same content; ok is false when there is none. Faults: Conflict meeting.key_reused
// for another content; NotFound for a meeting that is not public.
func (s *Service) Accepted(ctx context.Context, slug string, in ApplicationIn) (a Application, secret string, ok bool, err error) {
	m, err := s.BySlug(ctx, slug)
	if err != nil {
		return a, "", false, err
	}
	a, ok, err = s.byKey(s.db.Read(ctx), m.ID, in.Key, s.bodyHash(m.ID, in))
	return a, s.secretOf(a), ok, err
}

func (s *Service) secretOf(a Application) string {
	if a.ID == 0 {
		return ""
	}
	return s.Secret(a.ID)
}

// admit asks whether this person may apply: an account, the pool, the named.
func (s *Service) admit(ctx context.Context, who actor.Actor, m Meeting, in ApplicationIn, a *Application) error {
	if m.AccountNeeded && who.Kind != actor.Account {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if s.pool != nil {
		id, ok, err := s.pool.Member(ctx, m.Organisation, a.Account, in.Person)
		if err != nil {
			return err
		}
		if ok {
			a.Representative = id
		}
	}
	switch m.OpenTo {
	case ToPool:
		if a.Representative == 0 {
			return fault.New(fault.Forbidden, "meeting.pool_only")
		}
	case ToNamed:
		var n int64
		err := s.db.Read(ctx).Table("meeting_named").Where("meeting_id = ? AND person_index IN ?", m.ID, s.contactIndexes(in.Person)).Count(&n).Error
		if err != nil || n > 0 {
			return err
		}
		return fault.New(fault.Forbidden, "meeting.named_only")
	}
	return nil
}

// contactIndexes are all by which a person may have been named.
func (s *Service) contactIndexes(p Person) [][]byte {
	out := [][]byte{s.PersonIndex(p)}
	if e := s.PersonIndex(Person{Email: p.Email}); e != nil {
		out = append(out, e)
	}
	return out
}

// take stores a checked application; the meeting is locked meanwhile, so that
// seats and numbers are given one after the other.
func (s *Service) take(ctx context.Context, who actor.Actor, meeting int64, in ApplicationIn, a Application, hash []byte) (Application, error) {
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		m, err := s.Lock(tx, meeting)
		if err != nil {
			return err
		}
		if was, ok, err := s.byKey(tx.DB, m.ID, in.Key, hash); ok || err != nil {
			a = was
			tx.Audited() // it left its row when it came
			return err
		}
		if err := m.stillTakes(a, tx.Now); err != nil {
			return err
		}
		return s.insert(ctx, tx, &m, in, &a, hash)
	})
	if err != nil {
		return Application{}, err
	}
	return a, nil
}

// stillTakes asks again once the meeting is locked: time has passed since.
func (m Meeting) stillTakes(a Application, now time.Time) error {
	if a.Nominated {
		return m.nominates(now)
	}
	return m.Takes(now)
}

// insert gives number, label and, where seats go by order of arrival, the seat or
// a place on the waiting list.
func (s *Service) insert(ctx context.Context, tx *database.Tx, m *Meeting, in ApplicationIn, a *Application, hash []byte) error {
	s.fillIn(m, in, a)
	a.ID, a.BodyHash = tx.NextID(), hash
	a.AppliedAt, a.UpdatedAt, a.Version = tx.Now, tx.Now, 1
	if a.IdempotencyKey = in.Key; a.IdempotencyKey == "" {
		a.IdempotencyKey = fmt.Sprintf("\x01%d", a.ID) // no header can hold a control character
	}
	person, err := s.sealPerson(m.ID, a.ID, in.Person)
	if err != nil {
		return err
	}
	if err := oneEach(tx, m.ID, 0, person); err != nil {
		return err
	}
	if err := s.name(tx, *m, a); err != nil {
		return err
	}
	a.State = Applied
	if m.MethodOf(a.Category) == ByOrder && !a.Nominated {
		a.State = Waiting
		if m.fits(*a) {
			a.State = Seated
		}
	}
	if err := tx.Create(a).Error; err != nil {
		return err
	}
	if err := tx.Create(&person).Error; err != nil {
		return err
	}
	if err := count(tx, m, *a, a.weigh(1)); err != nil {
		return err
	}
	if err := recordApplication(tx, *m, *a, "receive", nil, map[string]any{"state": a.State, "number": a.Number, "channel": a.Channel}); err != nil {
		return err
	}
	return s.watched(ctx, tx, *m, *a, "")
}

// fillIn puts what was said into the row.
func (s *Service) fillIn(m *Meeting, in ApplicationIn, a *Application) {
	a.Meeting, a.Category, a.Side, a.Session, a.Party = m.ID, in.Category, in.Side, in.Session, max(in.Party, 1)
	a.Sex, a.District, a.Answers, a.Conflict = in.Sex, in.District, in.Answers, in.Conflict
	a.PublishName, a.Lang = in.PublishName, in.Lang
	if a.Answers == nil {
		a.Answers = map[string]string{}
	}
	if a.Items == nil {
		a.Items = []int64{}
	}
	if in.Person.BirthYear != 0 {
		a.AgeBand = ageBand(in.Person.BirthYear, m.StartsAt.Year())
	}
	a.Household = s.group(m.ID, "household", in.Person.Address)
	a.Unit = s.group(m.ID, "unit", in.Person.Unit)
}

// oneEach refuses a second application of a person; except is the application
// that is being changed.
func oneEach(tx *database.Tx, meeting, except int64, p applicant) error {
	for _, index := range []struct {
		column string
		value  []byte
	}{{"person_index", p.PersonIndex}, {"id_index", p.IDIndex}} {
		if index.value == nil {
			continue
		}
		var n int64
		err := tx.Model(&applicant{}).Where("meeting_id = ? AND application_id <> ? AND "+index.column+" = ?", meeting, except, index.value).Count(&n).Error
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "meeting.applied_already")
		}
	}
	return nil
}

// name gives reference, number and label.
func (s *Service) name(tx *database.Tx, m Meeting, a *Application) error {
	var err error
	if a.Reference, err = newReference(tx, tx.Now); err != nil {
		return err
	}
	if a.Number, err = numbered(tx, m.ID, ""); err != nil {
		return err
	}
	n := a.Number
	if a.Category != "" {
		if n, err = numbered(tx, m.ID, a.Category); err != nil {
			return err
		}
	}
	a.Label = m.label(a.Category, n)
	return nil
}

// label is what public pages call the n-th applicant of a category.
func (m Meeting) label(category string, n int) string {
	return fmt.Sprintf("%s%02d", m.short(category), n)
}

// shorts are the usual words of labels, in the languages of a call.
var shorts = map[string]map[string]string{
	"zh-CN": {"": "报名", "deputy": "代表", "expert": "专家", "enterprise": "企业", "citizen": "市民", "stakeholder": "相关", "media": "媒体", Observer: "旁听"},
	"en": {"": "No. ", "deputy": "Deputy ", "expert": "Expert ", "enterprise": "Business ", "citizen": "Citizen ", "stakeholder": "Stakeholder ",
		"media": "Media ", Observer: "Observer "},
}

// short is the word of a category before a number: 市民.
func (m Meeting) short(code string) string {
	c, _ := m.Category(code)
	if c.Short != "" {
		return spaced(c.Short)
	}
	if w, ok := shorts[m.Lang][code]; ok {
		return w
	}
	return spaced(c.Name)
}

// spaced sets a space behind Latin letters.
func spaced(word string) string {
	if word != "" && word[len(word)-1] < 0x80 {
		return word + " "
	}
	return word
}

// byKey finds what came under a key before. Faults: Conflict meeting.key_reused
// when it came with another content.
func (s *Service) byKey(g *gorm.DB, meeting int64, key string, hash []byte) (Application, bool, error) {
	if key == "" {
		return Application{}, false, nil
	}
	var a Application
	err := g.Where("meeting_id = ? AND idempotency_key = ?", meeting, key).Take(&a).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Application{}, false, nil
	}
	if err != nil {
		return Application{}, false, err
	}
	if subtle.ConstantTimeCompare(a.BodyHash, hash) != 1 {
		return Application{}, false, fault.New(fault.Conflict, "meeting.key_reused")
	}
	return a.utc(), true, nil
}

// bodyHash tells whether the same key came with the same content. It is keyed: a
// bare hash would let somebody try telephone numbers against it.
func (s *Service) bodyHash(meeting int64, in ApplicationIn) []byte {
	p := in.Person
	texts := []string{
		"application", strconv.FormatInt(meeting, 10), in.Channel, in.Lang, in.Category, in.Side, strconv.FormatInt(in.Session, 10), strconv.Itoa(in.Party),
		in.Sex, in.District, strconv.FormatBool(in.Conflict), strconv.FormatBool(in.PublishName), strconv.FormatBool(in.Consent),
		p.Name, p.Phone, p.Email, p.IDType, p.IDNumber, p.Unit, p.Post, p.Profession, p.Address, strconv.Itoa(p.BirthYear), p.Reason, p.Opinion,
		p.Conflict, p.Needs,
	}
	answers := make([]string, 0, len(in.Answers))
	for k, v := range in.Answers {
		answers = append(answers, k+"="+v)
	}
	sort.Strings(answers)
	parts := make([][]byte, 0, len(texts)+len(answers))
	for _, t := range append(texts, answers...) {
		parts = append(parts, []byte(t))
	}
	return s.keys.MAC(seal.Receipts, parts...)
}

func recordApplication(tx *database.Tx, m Meeting, a Application, action string, before, after any) error {
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: action, Object: "application", ObjectID: a.ID, Before: before, After: after,
	})
}

func (s *Service) watched(ctx context.Context, tx *database.Tx, m Meeting, a Application, from ApplicationState) error {
	for _, w := range s.watchers {
		if err := w(ctx, tx, m, a, from); err != nil {
			return err
		}
	}
	return nil
}

func (a Application) utc() Application {
	a.AppliedAt, a.UpdatedAt = a.AppliedAt.UTC(), a.UpdatedAt.UTC()
	return a
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
