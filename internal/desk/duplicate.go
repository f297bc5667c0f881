package desk

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
)

// Duplicate is something that is there already and looks like the same letter.
type Duplicate struct {
	Entry      int64  // of the desk; 0 for what came by another channel
	Submission int64  // 0 when it is no submission yet
	Receipt    string // its number; may be empty
	Channel    string
	State      State // of the entry
	At         time.Time
	Why        string // file: the same scan; sender: same sender, nearly the same words; text: the same words, no sender in either
	Alike      int    // percent of the words
	Text       string // its words
}

// alike is the share of common words, in percent, from which two letters of one
// sender are taken for the same: a retyped letter differs in signs and slips, an
// amended one in sentences.
const alike = 80

// mostCompared bounds how many earlier letters are compared.
const mostCompared = 50

// mark is a line of desk_marks.
type mark struct {
	ConsultationID int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind           string `gorm:"primaryKey"`
	Mark           []byte `gorm:"primaryKey"`
	EntryID        int64  `gorm:"primaryKey;autoIncrement:false"`
}

// TableName names the table for gorm.
func (mark) TableName() string { return "desk_marks" }

// marks are the blind indexes by which an entry is found again.
func (s *Service) marks(e Entry) []mark {
	var out []mark
	add := func(kind, value string) {
		if value != "" {
			sum := s.keys.MAC(seal.Blind, []byte("desk"), []byte(kind), []byte(value))
			out = append(out, mark{e.ConsultationID, kind, sum, e.ID})
		}
	}
	who := e.Content.Sender
	add("name", plain(who.Name))
	add("name", plain(who.Unit))
	add("phone", digits(who.Phone))
	add("email", strings.ToLower(who.Email))
	if len(out) == 0 {
		add("text", plain(e.Content.words()))
	}
	for _, p := range e.Files {
		if sum, err := hex.DecodeString(p.SHA256); err == nil {
			out = append(out, mark{e.ConsultationID, "file", sum, e.ID})
		}
	}
	return out
}

// mark stores them anew.
func (s *Service) mark(tx *database.Tx, e *Entry) error {
	if err := tx.Where("consultation_id = ? AND entry_id = ?", e.ConsultationID, e.ID).Delete(&mark{}).Error; err != nil {
		return err
	}
	list := s.marks(*e)
	if len(list) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&list).Error
}

// duplicates looks for the same letter among what the desk has and what the same
// contact sent by other channels.
func (s *Service) duplicates(ctx context.Context, consultation int64, e Entry) ([]Duplicate, error) {
	g := s.db.Read(ctx)
	why := map[int64]string{}
	for _, m := range s.marks(e) {
		var found []int64
		err := g.Model(&mark{}).Select("entry_id").Where("consultation_id = ? AND kind = ? AND mark = ? AND entry_id <> ?", consultation, m.Kind, m.Mark, e.ID).
			Order("entry_id DESC").Limit(mostCompared).Pluck("entry_id", &found).Error
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			switch {
			case m.Kind == "file" || m.Kind == "text":
				why[id] = m.Kind
			case why[id] == "":
				why[id] = "sender"
			}
		}
	}
	delete(why, e.CorrectsID)
	out, err := s.atDesk(g, consultation, e, why)
	if err != nil {
		return nil, err
	}
	more, err := s.elsewhere(ctx, consultation, e)
	return append(out, more...), err
}

func (s *Service) atDesk(g *gorm.DB, consultation int64, e Entry, why map[int64]string) ([]Duplicate, error) {
	var out []Duplicate
	words := e.Content.words()
	for id, w := range why {
		x, err := s.read(g, consultation, id)
		if err != nil {
			return nil, err
		}
		if x.State == Discarded {
			continue
		}
		a := Alike(words, x.Content.words())
		if w == "sender" && a < alike {
			continue
		}
		out = append(out, Duplicate{x.ID, x.SubmissionID, x.Receipt, string(x.Way), x.State, x.CreatedAt.UTC(), w, a, x.Content.words()})
	}
	slices.SortFunc(out, func(a, b Duplicate) int { return b.At.Compare(a.At) })
	return out, nil
}

// elsewhere looks at what the same e-mail address or telephone number sent itself.
func (s *Service) elsewhere(ctx context.Context, consultation int64, e Entry) ([]Duplicate, error) {
	found, err := s.submissions.OfContact(ctx, consultation, e.Content.Sender.Email, e.Content.Sender.Phone, mostCompared)
	if err != nil {
		return nil, err
	}
	var out []Duplicate
	words := e.Content.words()
	for _, x := range found {
		var here int64
		if err := s.db.Read(ctx).Model(&Entry{}).Where("consultation_id = ? AND submission_id = ?", consultation, x.ID).Count(&here).Error; err != nil {
			return nil, err
		}
		if here > 0 { // found by the desk's own marks
			continue
		}
		var all []string
		for _, c := range x.Comments {
			if c.ParentID == 0 {
				all = append(all, c.Text)
			}
		}
		text := strings.Join(all, "\n")
		if a := Alike(words, text); a >= alike {
			out = append(out, Duplicate{0, x.ID, x.Receipt, x.Channel, Taken, x.ReceivedAt.UTC(), "sender", a, text})
		}
	}
	return out, nil
}

func (c Content) words() string {
	all := make([]string, len(c.Points))
	for i, p := range c.Points {
		all[i] = p.Text
		if p.Proposed != "" {
			all[i] += "\n" + p.Proposed
		}
	}
	return strings.Join(all, "\n")
}

// Alike is how much two texts have in common, in percent: Dice's coefficient over
// pairs of neighbouring letters, spaces and signs left out. It needs no words, so
// that it serves Chinese and English alike.
func Alike(a, b string) int {
	a, b = plain(a), plain(b)
	if a == b {
		return 100
	}
	left, n := pairs(a)
	right, m := pairs(b)
	if n+m == 0 {
		return 0
	}
	common := 0
	for p, k := range left {
		common += min(k, right[p])
	}
	return 200 * common / (n + m)
}

func pairs(s string) (map[[2]rune]int, int) {
	out := map[[2]rune]int{}
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		out[[2]rune{runes[i-1], runes[i]}]++
	}
	return out, max(len(runes)-1, 0)
}

// plain is a text without spaces, signs, case and width.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r = r - '！' + '!'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, narrow(s))
}
