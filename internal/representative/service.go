package representative

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// Service keeps the pools of all organisations. It is safe for concurrent use.
type Service struct {
	db   *database.DB
	gate *access.Gate
	keys *seal.Keys
	orgs *organisation.Service
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, keys *seal.Keys, orgs *organisation.Service) *Service {
	return &Service{db: db, gate: gate, keys: keys, orgs: orgs}
}

func place(organisation, id int64) string {
	return fmt.Sprintf("representatives/%d/%d", organisation, id)
}

func (s *Service) blind(kind, value string) []byte {
	if value == "" {
		return nil
	}
	return s.keys.MAC(seal.Blind, []byte(kind), []byte(value))
}

// indexes are the blind indexes of a person's contacts, the same as applications
// to meetings have.
func (s *Service) indexes(p Person) (email, phone []byte) {
	return s.blind("email", strings.ToLower(p.Email)), s.blind("phone", digits(p.Phone))
}

// livingKey is what keeps somebody from being in one pool twice.
func livingKey(email, phone []byte) string {
	if phone != nil {
		return hex.EncodeToString(phone)
	}
	return hex.EncodeToString(email)
}

func endedKey(id int64) string { return fmt.Sprintf("ended:%d", id) }

func (s *Service) sealPerson(tx *database.Tx, r Representative, p Person) (personRow, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return personRow{}, err
	}
	row := personRow{OrganisationID: r.Organisation, RepresentativeID: r.ID}
	row.EmailIndex, row.PhoneIndex = s.indexes(p)
	row.Sealed, err = s.keys.Seal(raw, place(r.Organisation, r.ID))
	return row, err
}

// person reads name and contact; NotFound when they were deleted.
func (s *Service) person(g *gorm.DB, r Representative) (Person, error) {
	var p Person
	var row personRow
	err := g.Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).Take(&row).Error
	if err != nil {
		return p, database.Translate(err)
	}
	raw, err := s.keys.Unseal(row.Sealed, place(r.Organisation, r.ID))
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(raw, &p)
}

func (s *Service) keepPerson(tx *database.Tx, r Representative, p Person) error {
	row, err := s.sealPerson(tx, r, p)
	if err != nil {
		return err
	}
	return tx.Model(&personRow{}).Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).
		Updates(map[string]any{"sealed": row.Sealed, "email_index": row.EmailIndex, "phone_index": row.PhoneIndex}).Error
}

// PublicName is how a representative is called in public: behind the first
// character, unless the person asked for the whole name.
func PublicName(name string, whole bool) string {
	if whole || name == "" {
		return name
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "**"
}

// load reads one membership with its fields; lock keeps it from changing.
func load(g *gorm.DB, where string, args ...any) (Representative, error) {
	var r Representative
	if err := g.Where(where, args...).Take(&r).Error; err != nil {
		return r, database.Translate(err)
	}
	list := []Representative{r}
	err := fillFields(g.Session(&gorm.Session{NewDB: true}), list)
	return list[0], err
}

func fillFields(g *gorm.DB, list []Representative) error {
	if len(list) == 0 {
		return nil
	}
	at := map[int64]int{}
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i], at[r.ID] = r.ID, i
	}
	var rows []fieldRow
	if err := g.Where("representative_id IN ?", ids).Order("representative_id, field").Find(&rows).Error; err != nil {
		return err
	}
	for _, row := range rows {
		i := at[row.RepresentativeID]
		list[i].Fields = append(list[i].Fields, row.Field)
	}
	return nil
}

func storeFields(tx *database.Tx, r Representative) error {
	err := tx.Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).Delete(&fieldRow{}).Error
	if err != nil || len(r.Fields) == 0 {
		return err
	}
	rows := make([]fieldRow, len(r.Fields))
	for i, f := range r.Fields {
		rows[i] = fieldRow{r.Organisation, r.ID, f}
	}
	return tx.Create(&rows).Error
}

// keep stores a membership after an act, with its line in the history and its
// audit row. note is for the person and for staff; nothing personal.
func (s *Service) keep(tx *database.Tx, before Representative, r *Representative, act Act, note string) error {
	r.Version = before.Version + 1
	err := tx.Model(&Representative{}).Where("organisation_id = ? AND id = ?", r.Organisation, r.ID).Updates(map[string]any{
		"person": r.Person, "category": r.Category, "district": r.District, "conflict": r.Conflict, "public_name": r.PublicName,
		"name_public": r.NamePublic, "state": r.State, "first_by": r.FirstBy, "first_name": r.FirstName, "first_at": r.FirstAt,
		"first_admits": r.FirstAdmits, "first_note": r.FirstNote, "second_by": r.SecondBy, "second_name": r.SecondName,
		"second_at": r.SecondAt, "reason": r.Reason, "term_from": r.TermFrom, "term_until": r.TermUntil,
		"renewal_asked_at": r.RenewalAskedAt, "renewal_wanted_at": r.RenewalWantedAt, "suspended_by": r.SuspendedBy,
		"suspended_at": r.SuspendedAt, "suspended_for": r.SuspendedFor, "appealed_at": r.AppealedAt,
		"appeal_answer": r.AppealAnswer, "answered_by": r.AnsweredBy, "answered_at": r.AnsweredAt, "ended_at": r.EndedAt,
		"forget_at": r.ForgetAt, "erased_at": r.ErasedAt, "version": r.Version,
	}).Error
	if err != nil {
		return err
	}
	return history(tx, before, *r, act, note)
}

// history writes the line of the history and the audit row.
func history(tx *database.Tx, before, after Representative, act Act, note string) error {
	err := tx.Create(&Event{Organisation: after.Organisation, Representative: after.ID, ID: tx.NextID(), Event: string(act),
		Actor: tx.Actor.Key(), ActorName: nameOf(tx.Actor), Note: note, At: tx.Now}).Error
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Organisation: after.Organisation, Action: string(act), Object: "representative",
		ObjectID: after.ID, Before: before.facts(), After: after.facts()})
}

// facts are what the audit trail keeps: nothing that names the person.
func (r Representative) facts() map[string]any {
	if r.ID == 0 {
		return nil
	}
	return map[string]any{"state": r.State, "category": r.Category, "district": r.District, "conflict": r.Conflict,
		"term_from": r.TermFrom, "term_until": r.TermUntil, "version": r.Version}
}

// nameOf is who acted, as the history shows it; representatives themselves are
// not named there.
func nameOf(who actor.Actor) string {
	if who.Kind == actor.Account || who.Kind == actor.Token {
		return who.Name
	}
	return ""
}

// end closes a membership: the contact is free for a new application, and is
// deleted when the pool's promise falls due.
func (s *Service) end(tx *database.Tx, r *Representative) error {
	p, err := poolOf(tx.DB, r.Organisation)
	if err != nil {
		return err
	}
	ended, forget := tx.Now, tx.Now.Add(time.Duration(p.ForgetDays)*24*time.Hour)
	r.EndedAt, r.ForgetAt, r.Person = &ended, &forget, endedKey(r.ID)
	return nil
}

// own refuses whoever decides about themselves.
func own(tx *database.Tx, r Representative) error {
	if r.Account != 0 && r.Account == tx.Actor.ID {
		return fault.New(fault.Forbidden, "representative.own")
	}
	return nil
}

// alter runs one act of the staff on a membership, as one transaction. Another
// organisation's is not there.
func (s *Service) alter(ctx context.Context, who actor.Actor, id, version int64, may access.Permission,
	change func(*database.Tx, *Representative) (Act, string, error)) (Representative, error) {
	var out Representative
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err := load(tx.Lock(), "id = ?", id)
		if err == nil {
			err = s.gate.Require(who, may, r.Organisation)
		} else if !who.Known() && who.Kind == actor.Anonymous {
			err = fault.New(fault.Unauthenticated, "sign_in_first")
		}
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return fault.Stale()
		}
		if err := own(tx, r); err != nil {
			return err
		}
		before := r
		act, note, err := change(tx, &r)
		if err != nil {
			return err
		}
		if err := s.keep(tx, before, &r, act, note); err != nil {
			return err
		}
		out = r
		return s.tell(tx, r, act)
	})
	return out, err
}
