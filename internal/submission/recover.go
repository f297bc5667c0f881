package submission

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// Recovered is the topic of the letter that opens a receipt whose secret was lost;
// scope is the consultation, ref the submission.
const Recovered = "submission.recovered"

const (
	// mostRecovered is how many receipts one request brings back: the newest.
	mostRecovered = 20
	// recoveryLasts is how long the link of a letter opens the receipt.
	recoveryLasts = 24 * time.Hour
	// leastPhone is the shortest telephone number that is looked for, in digits.
	leastPhone = 7
)

// Recover sends a link to each receipt of an e-mail address or a mobile number, to
// that very address or number. It tells nobody whether there is one: the answer is
// the same. Faults: Invalid for what is neither.
func (s *Service) Recover(ctx context.Context, who actor.Actor, contact string) error {
	column, index, way, err := s.contact(contact)
	if err != nil {
		return err
	}
	var found []struct{ ConsultationID, SubmissionID, OrganisationID int64 }
	err = s.db.Read(ctx).Table("submitters AS p").Select("p.consultation_id, p.submission_id, c.organisation_id").
		Joins("JOIN consultations c ON c.id = p.consultation_id").Where("p."+column+" = ?", index).
		Order("p.submission_id DESC").Limit(mostRecovered).Find(&found).Error
	if err != nil || len(found) == 0 {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		for _, one := range found {
			err := notice.Add(tx, notice.Request{Topic: Recovered, Organisation: one.OrganisationID, Scope: one.ConsultationID, Ref: one.SubmissionID, Way: way})
			if err != nil {
				return err
			}
			err = audit.Record(tx, audit.Entry{Organisation: one.OrganisationID, Consultation: one.ConsultationID, Action: "recover",
				Object: "submission", ObjectID: one.SubmissionID})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// contact tells by which index a contact is found, and how it is reached.
func (s *Service) contact(typed string) (column string, index []byte, way notice.Way, err error) {
	typed = strings.TrimSpace(typed)
	if readable(typed) && isAddress(typed) {
		return "email_index", s.blind("email", strings.ToLower(typed)), notice.Mail, nil
	}
	if d := digitsOf(typed); len(d) >= leastPhone && len(typed) <= MostPhone && !strings.Contains(typed, "@") {
		return "phone_index", s.blind("phone", d), notice.SMS, nil
	}
	return "", nil, "", fault.Fields{{Name: "contact", Code: "submission.contact"}}.Err()
}

// Recovery is what the letter needs. Token opens the receipt, for a day.
type Recovery struct {
	Email, Phone string
	Lang         string
	Number       string
	Title        string // of the consultation
	Token        string
}

// Recovery finds whom to write to about a receipt. ok is false when the contact was
// erased meanwhile.
func (s *Service) Recovery(ctx context.Context, consultationID, id int64) (out Recovery, ok bool, err error) {
	g := s.db.Read(ctx)
	sender, err := s.sender(g, consultationID, id)
	if err != nil || sender == nil {
		return out, false, err
	}
	c, err := s.consultations.ByID(ctx, consultationID)
	if err != nil {
		return out, false, err
	}
	x, err := whole(g, consultationID, id)
	return Recovery{
		Email: sender.Email, Phone: sender.Phone, Lang: x.Lang, Number: x.Receipt, Title: c.Title,
		Token: s.recoveryToken(consultationID, id, s.db.Now().Add(recoveryLasts)),
	}, err == nil, err
}

// recoveryToken is consultation, submission and end, each 8 bytes, and 16 bytes of
// a MAC over them: nothing about it is stored, and nobody can make one.
func (s *Service) recoveryToken(consultation, submission int64, until time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(consultation))
	b = binary.BigEndian.AppendUint64(b, uint64(submission))
	b = binary.BigEndian.AppendUint64(b, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(b, s.recoveryMAC(b)...))
}

const recoveryBody, recoveryMAC = 24, 16 // bytes

func (s *Service) recoveryMAC(body []byte) []byte {
	return s.keys.MAC(seal.Receipts, []byte("recovery"), body)[:recoveryMAC]
}

// OpenRecovery gives number and secret of the receipt that a letter's link names.
// Faults: NotFound submission.recovery for a link that is none or has ended.
func (s *Service) OpenRecovery(ctx context.Context, token string) (number, secret string, err error) {
	wrong := fault.New(fault.NotFound, "submission.recovery")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != recoveryBody+recoveryMAC || !same(raw[recoveryBody:], s.recoveryMAC(raw[:recoveryBody])) {
		return "", "", wrong
	}
	at := func(n int) int64 { return int64(binary.BigEndian.Uint64(raw[8*n:])) }
	if s.db.Now().Unix() >= at(2) {
		return "", "", wrong
	}
	err = s.db.Read(ctx).Table("submissions").Select("receipt").Where("consultation_id = ? AND id = ?", at(0), at(1)).Row().Scan(&number)
	if err != nil {
		return "", "", database.Translate(err)
	}
	return number, s.secret(at(1)), nil
}
