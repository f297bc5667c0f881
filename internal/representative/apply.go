package representative

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// Receipt is what an applicant takes away. The secret is derived, so that the same
// key brings the same one, and none is stored.
type Receipt struct {
	ID                int64
	Reference, Secret string
	Repeated          bool
}

// referenceMark begins every reference, so that nobody takes it for a receipt's or
// for an application's to a meeting.
const referenceMark = "R"

// ReadReference brings a reference as typed into its form, such as R26-000172-8.
func ReadReference(typed string) (reference string, ok bool) {
	typed = strings.TrimSpace(typed)
	for _, mark := range []string{"R", "r", "Ｒ", "ｒ"} {
		if rest, found := strings.CutPrefix(typed, mark); found {
			typed = rest
			break
		}
	}
	n, ok := submission.ReadNumber(typed)
	return referenceMark + n, ok
}

func newReference(tx *database.Tx) (string, error) {
	var last int64
	err := tx.Raw("INSERT INTO representative_numbers (year, last) VALUES (?, 1)"+
		" ON CONFLICT (year) DO UPDATE SET last = representative_numbers.last + 1 RETURNING last", tx.Now.Year()).Scan(&last).Error
	return referenceMark + submission.Number(tx.Now.Year(), last), err
}

func (s *Service) secret(id int64) string {
	return submission.WriteSecret(s.keys.MAC(seal.Receipts, []byte("representative"), binary.BigEndian.AppendUint64(nil, uint64(id))))
}

// Apply takes an application to an organisation's pool, with or without an
// account. Faults: NotFound for an organisation that is not there; Conflict
// representative.closed, representative.applied_already for who is in the pool or
// waiting; Conflict representative.key_reused; Invalid with its fields.
func (s *Service) Apply(ctx context.Context, who actor.Actor, organisation int64, in Application) (Receipt, error) {
	if err := s.gate.Require(who, mayApply, organisation); err != nil {
		return Receipt{}, err
	}
	in = in.tidy()
	hash := s.hash(in)
	if r, err := s.repeated(ctx, organisation, in.Key, hash); err != nil || r.ID != 0 {
		return r, err
	}
	var out Receipt
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := s.admissible(tx.DB, organisation, in); err != nil {
			return err
		}
		r, err := s.store(tx, organisation, in, hash)
		out = Receipt{ID: r.ID, Reference: r.Reference, Secret: s.secret(r.ID)}
		return err
	})
	if fault.Is(err, fault.Conflict) && database.IsDuplicate(err) { // the same key at the same instant, or the same person
		if r, again := s.repeated(ctx, organisation, in.Key, hash); again != nil || r.ID != 0 {
			return r, again
		}
		return Receipt{}, fault.New(fault.Conflict, "representative.applied_already")
	}
	return out, err
}

// Check finds what is wrong with an application without taking it.
func (s *Service) Check(ctx context.Context, organisation int64, in Application) error {
	return s.admissible(s.db.Read(ctx), organisation, in.tidy())
}

func (s *Service) admissible(g *gorm.DB, organisation int64, in Application) error {
	p, err := poolOf(g, organisation)
	if err != nil {
		return err
	}
	if !p.Open {
		return fault.New(fault.Conflict, "representative.closed")
	}
	known, err := categories(g, organisation)
	if err != nil {
		return err
	}
	f := in.check(p, known)
	if !in.Consent {
		f.Add("consent", "representative.consent")
	}
	return f.Err()
}

func (s *Service) store(tx *database.Tx, organisation int64, in Application, hash []byte) (Representative, error) {
	email, phone := s.indexes(in.Person)
	r := Representative{
		Organisation: organisation, ID: tx.NextID(), Person: livingKey(email, phone), IdempotencyKey: in.Key, BodyHash: hash,
		Lang: in.Lang, Category: in.Category, District: in.District, Conflict: in.Conflict == "yes",
		PublicName: PublicName(in.Name, in.NamePublic), NamePublic: in.NamePublic, State: Applied, AppliedAt: tx.Now,
		ConsentedAt: tx.Now, Version: 1, Fields: in.Fields,
	}
	if tx.Actor.Kind == actor.Account {
		r.Account = tx.Actor.ID
	}
	if r.Lang != "en" {
		r.Lang = "zh-CN"
	}
	if r.IdempotencyKey == "" {
		r.IdempotencyKey = fmt.Sprintf("\x01%d", r.ID) // no request can send it
	}
	var err error
	if r.Reference, err = newReference(tx); err != nil {
		return r, err
	}
	if err := tx.Create(&r).Error; err != nil {
		return r, err
	}
	row, err := s.sealPerson(tx, r, in.Person)
	if err != nil {
		return r, err
	}
	if err := tx.Create(&row).Error; err != nil {
		return r, err
	}
	if err := storeFields(tx, r); err != nil {
		return r, err
	}
	if err := history(tx, Representative{}, r, Apply, ""); err != nil {
		return r, err
	}
	return r, s.tell(tx, r, Apply)
}

// repeated answers a key that was taken before; an empty receipt when it was not.
func (s *Service) repeated(ctx context.Context, organisation int64, key string, hash []byte) (Receipt, error) {
	if key == "" {
		return Receipt{}, nil
	}
	if len(key) > submission.MostKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' }) {
		return Receipt{}, fault.Fields{{Name: "idempotency_key", Code: "representative.key"}}.Err()
	}
	var was []Representative
	err := s.db.Read(ctx).Select("id, reference, body_hash").
		Where("organisation_id = ? AND idempotency_key = ?", organisation, key).Limit(1).Find(&was).Error
	if err != nil || len(was) == 0 {
		return Receipt{}, err
	}
	if subtle.ConstantTimeCompare(was[0].BodyHash, hash) != 1 {
		return Receipt{}, fault.New(fault.Conflict, "representative.key_reused")
	}
	return Receipt{ID: was[0].ID, Reference: was[0].Reference, Secret: s.secret(was[0].ID), Repeated: true}, nil
}

// hash is keyed: a bare one would let somebody try telephone numbers against it.
func (s *Service) hash(in Application) []byte {
	texts := []string{"representative", in.Name, in.Phone, in.Email, in.Category, in.District, in.About, in.Conflict, in.Person.Conflict,
		strconv.FormatBool(in.NamePublic), strconv.FormatBool(in.Consent), strings.Join(in.Fields, "\x00")}
	for _, name := range AllDetails {
		texts = append(texts, *in.Detail(name))
	}
	parts := make([][]byte, len(texts))
	for i, t := range texts {
		parts[i] = []byte(t)
	}
	return s.keys.MAC(seal.Receipts, parts...)
}
