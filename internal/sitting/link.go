package sitting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// Purposes of links.
const (
	ToSign     = "sign"
	ToFeedback = "feedback"
)

// linkLife is how long a link opens what it is for.
const linkLife = 180 * 24 * time.Hour

type link struct {
	MeetingID     int64 `gorm:"primaryKey;autoIncrement:false"`
	Purpose       string
	TokenHash     []byte `gorm:"primaryKey"`
	Sealed        []byte
	ApplicationID int64
	Entry         string
	EndsAt        time.Time
	Used          bool
}

// TableName names the table for gorm.
func (link) TableName() string { return "sitting_links" }

func linkPlace(l link) string {
	return fmt.Sprintf("sitting_links/%d/%d/%s", l.MeetingID, l.ApplicationID, l.Purpose)
}

// newLink makes a one-purpose link and gives its token.
func (s *Service) newLink(tx *database.Tx, l link) (token string, err error) {
	raw := make([]byte, 18)
	_, _ = rand.Read(raw) // crypto/rand never fails on the systems that Go supports
	token = base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(token))
	l.TokenHash, l.EndsAt = sum[:], tx.Now.Add(linkLife)
	if l.Sealed, err = s.keys.Seal([]byte(token), linkPlace(l)); err != nil {
		return "", err
	}
	return token, tx.Create(&l).Error
}

// Tokens gives the links of a person that still open something, for a letter.
func (s *Service) Tokens(ctx context.Context, meetingID, application int64, purpose string) (out []string, err error) {
	var rows []link
	err = s.db.Read(ctx).Where("meeting_id = ? AND application_id = ? AND purpose = ? AND used = ? AND ends_at > ?", meetingID, application, purpose, false, s.db.Now()).
		Order("ends_at, entry").Find(&rows).Error
	seen := map[string]bool{}
	for i := len(rows) - 1; i >= 0 && err == nil; i-- { // the newest of each turn
		if seen[rows[i].Entry] {
			continue
		}
		seen[rows[i].Entry] = true
		var raw []byte
		raw, err = s.keys.Unseal(rows[i].Sealed, linkPlace(rows[i]))
		out = append(out, string(raw))
	}
	return out, err
}

// findLink finds a link that still opens something.
func (s *Service) findLink(ctx context.Context, purpose, token string) (link, error) {
	sum := sha256.Sum256([]byte(token))
	var l link
	err := s.db.Read(ctx).Where("token_hash = ? AND purpose = ?", sum[:], purpose).Take(&l).Error
	if err != nil {
		return l, database.Translate(err)
	}
	if s.db.Now().After(l.EndsAt) {
		return l, fault.New(fault.Gone, "sitting.link_ended")
	}
	return l, nil
}

// ask makes the link by which a speaker confirms later, and has it sent.
func (s *Service) ask(tx *database.Tx, m meeting.Meeting, a Act) error {
	seat, _ := ids.Parse(a.Seat)
	if _, err := s.newLink(tx, link{MeetingID: m.ID, Purpose: ToSign, ApplicationID: seat, Entry: a.Entry}); err != nil {
		return err
	}
	return s.tell(tx, m, seat, TopicConfirm)
}

// LinkFor makes another link for a speaker, for staff to hand over or print when
// no letter reaches the person.
func (s *Service) LinkFor(ctx context.Context, who actor.Actor, slug, entry string) (token string, err error) {
	m, err := s.staff(ctx, who, slug, PermissionRecord)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err := s.record(tx.DB, m.ID)
		if err != nil {
			return err
		}
		e := r.known(Act{Entry: entry})
		if e == nil {
			return fault.Missing()
		}
		seat, _ := ids.Parse(e.Seat)
		if token, err = s.newLink(tx, link{MeetingID: m.ID, Purpose: ToSign, ApplicationID: seat, Entry: e.ID}); err != nil {
			return err
		}
		return s.trail(tx, m, Act{ID: "link-" + e.ID, Kind: Later, At: tx.Now, Seat: e.Seat, Entry: e.ID, Way: ByLink}, "")
	})
	return token, err
}

// SpokenPage is what a link shows its speaker.
type SpokenPage struct {
	Meeting meeting.Meeting
	Entry   *Entry
	Person  string // what public pages call the speaker
	Receipt []Receipt
	Item    meeting.Item
}

// Spoken opens a link: the words that were taken down. Looking changes nothing.
func (s *Service) Spoken(ctx context.Context, token string) (SpokenPage, error) {
	l, err := s.findLink(ctx, ToSign, token)
	if err != nil {
		return SpokenPage{}, err
	}
	var p SpokenPage
	if p.Meeting, err = s.meetings.ByID(ctx, l.MeetingID); err != nil {
		return p, err
	}
	r, err := s.record(s.db.Read(ctx), l.MeetingID)
	if err != nil {
		return p, err
	}
	if p.Entry = r.known(Act{Entry: l.Entry}); p.Entry == nil {
		return p, fault.Missing()
	}
	a, err := s.meetings.ApplicationByID(ctx, l.MeetingID, l.ApplicationID)
	if err != nil {
		return p, err
	}
	p.Person = a.Label
	if p.Item, err = s.item(ctx, l.MeetingID, p.Entry.Item); err != nil {
		return p, err
	}
	p.Receipt, err = s.receipts(ctx, p.Meeting, l.ApplicationID, p.Entry)
	return p, err
}

// Confirm takes the speaker's word by a link: the record is right, or their own
// wording beside it. The same confirmation twice is one.
func (s *Service) Confirm(ctx context.Context, token string, own []Point) error {
	l, err := s.findLink(ctx, ToSign, token)
	if err != nil {
		return err
	}
	p, err := s.Spoken(ctx, token)
	if err != nil {
		return err
	}
	a := Act{Kind: Sign, At: s.db.Now(), Device: "link", Seat: ids.Format(l.ApplicationID), Item: p.Entry.Item, Entry: p.Entry.ID,
		Way: ByLink, Points: p.Entry.Points, Own: tidied(own), File: p.Entry.File}
	a.ID = "link-" + Digest(append(a.Points, a.Own...)) + "-" + p.Entry.ID
	if len(a.ID) > mostID {
		a.ID = a.ID[:mostID]
	}
	if len(p.Entry.Signed) > 0 {
		return nil // it was confirmed before; what was confirmed does not change
	}
	code, err := s.take(ctx, actor.Public(), l.MeetingID, a, 0)
	if err == nil && code != "" {
		return fault.New(fault.Conflict, code)
	}
	return err
}
