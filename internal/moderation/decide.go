package moderation

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Decision is an act of staff on a submission, or on one comment of it.
type Decision struct {
	Act     Act
	Comment int64 // 0: each of them
	Reason  string
	Words   string
	// Masks are what a person accepted, by comment; a comment that is not named
	// keeps the masks it has, and gets those that are detected when it is shown for
	// the first time. Nothing that looks like personal data goes public by silence.
	Masks map[int64]submission.Masks
	Seen  *int64 // id of the last act that was read, 0: there was none; nil: not checked
}

// Decide acts on a submission and tells how it stands then. Faults: Invalid for
// reason, words, act and comment; Stale when somebody acted meanwhile; Conflict
// moderation.withdrawn, moderation.nothing_to_take_back, moderation.changed_since.
func (s *Service) Decide(ctx context.Context, who actor.Actor, slug string, id int64, d Decision) (submission.Standing, error) {
	var out submission.Standing
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.Submissions.Hold(tx, slug, PermissionDecide)
		if err != nil {
			return err
		}
		if !c.Public() {
			return fault.New(fault.Conflict, "moderation.not_now")
		}
		out, err = s.decide(tx, c, id, d)
		return err
	})
	return out, err
}

// checked fills in the reason and refuses what cannot be.
func (d Decision) checked() (Decision, error) {
	var f fault.Fields
	reasons := Reasons(d.Act)
	d.Words = strings.TrimSpace(d.Words)
	if reasons == nil {
		f.Add("act", "moderation.act")
		return d, f.Err()
	}
	if d.Reason == "" && d.Act != Withhold && d.Act != TakeBack {
		d.Reason = reasons[0]
	}
	if !known(d.Reason, d.Act) {
		f.Add("reason", "moderation.reason")
	}
	if n := utf8.RuneCountInString(d.Words); n > MostWords {
		f.Add("words", "moderation.words_long", "most", MostWords, "count", n-MostWords)
	}
	if d.Reason == Other && d.Words == "" {
		f.Add("words", "moderation.words_missing")
	}
	return d, f.Err()
}

func (s *Service) decide(tx *database.Tx, c consultation.Consultation, id int64, d Decision) (submission.Standing, error) {
	from, comments, err := submission.Stand(tx, c.ID, id)
	if err != nil {
		return from, err
	}
	if d, err = d.checked(); err != nil { // after what is not there: that is 404 whatever was decided
		return from, err
	}
	if err := unread(tx, c.ID, id, d.Seen); err != nil {
		return from, err
	}
	if from.State == submission.Withdrawn {
		return from, fault.New(fault.Conflict, "moderation.withdrawn")
	}
	if d.Act == TakeBack {
		return s.takeBack(tx, c, id, d, from, comments)
	}
	to, err := d.on(c, from, comments)
	if err != nil {
		return from, err
	}
	return s.store(tx, c, id, d, from, to, comments)
}

// unread refuses an act by somebody who has not read the last one.
func unread(tx *database.Tx, consultation, id int64, seen *int64) error {
	if seen == nil {
		return nil
	}
	var last int64
	err := tx.Model(&Event{}).Select("COALESCE(MAX(id), 0)").Where("consultation_id = ? AND submission_id = ?", consultation, id).Scan(&last).Error
	if err != nil {
		return err
	}
	if last != *seen {
		return fault.Stale()
	}
	return nil
}

// on works out how the submission stands after a decision. A decision ends the
// hold; comments that it does not speak of wait on, each for its own.
func (d Decision) on(c consultation.Consultation, from submission.Standing, comments []submission.Comment) (submission.Standing, error) {
	to := submission.Standing{State: from.State, Held: from.Held, Comments: append([]submission.Shown{}, from.Comments...)}
	found := d.Comment == 0
	if d.Act != Mask {
		to.Held = ""
	}
	for i := range to.Comments {
		one := &to.Comments[i]
		if d.Comment == 0 || d.Comment == one.Comment {
			found = true
			d.put(c, one, comments[i])
			continue
		}
		if to.Held == "" && from.Held != "" && !one.Public && one.Withheld == "" {
			one.Waiting = shows(c)
		}
	}
	if !found {
		return to, fault.Fields{{Name: "comment", Code: "moderation.comment"}}.Err()
	}
	return to, nil
}

// put sets how one comment is shown.
func (d Decision) put(c consultation.Consultation, one *submission.Shown, words submission.Comment) {
	if chosen, ok := d.Masks[one.Comment]; ok {
		chosen.Auto = false
		one.Masks = chosen
	} else if d.Act == Show && (!one.Public || one.Withheld != "") {
		if !one.Masks.Any() {
			one.Masks = submission.Detected(words.Text, words.ProposedText)
		}
	} else if d.Act == Mask {
		one.Masks.Auto = false
	}
	switch d.Act {
	case Show:
		one.Public, one.Waiting, one.Withheld = shows(c), false, ""
	case Withhold:
		one.Public, one.Waiting, one.Withheld = shows(c), false, d.Reason
	}
}

// takeBack puts the submission back to where it stood before the last act that
// still holds. Only acts of staff are taken back, and only while nothing else has
// changed: a comment that was split meanwhile is decided on anew.
func (s *Service) takeBack(tx *database.Tx, c consultation.Consultation, id int64, d Decision, from submission.Standing, comments []submission.Comment) (submission.Standing, error) {
	var last Event
	err := tx.Where("consultation_id = ? AND submission_id = ? AND NOT undone AND act <> ?", c.ID, id, TakeBack).
		Order("id DESC").Limit(1).Take(&last).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return from, fault.New(fault.Conflict, "moderation.nothing_to_take_back")
	}
	if err != nil {
		return from, err
	}
	if last.After != text(from) {
		return from, fault.New(fault.Conflict, "moderation.changed_since")
	}
	var to submission.Standing
	if err := json.Unmarshal([]byte(last.Before), &to); err != nil {
		return from, err
	}
	if err := tx.Model(&Event{}).Where("consultation_id = ? AND id = ?", c.ID, last.ID).Update("undone", true).Error; err != nil {
		return from, err
	}
	return s.store(tx, c, id, d, from, to, comments)
}

// store makes the submission stand so, keeps the act, and leaves its trail.
func (s *Service) store(tx *database.Tx, c consultation.Consultation, id int64, d Decision, from, to submission.Standing, comments []submission.Comment) (submission.Standing, error) {
	event := tx.NextID()
	to, err := submission.Restand(tx, c, id, event, d.Reason, from, to, comments)
	if err != nil {
		return to, err
	}
	err = tx.Create(&Event{
		ConsultationID: c.ID, ID: event, SubmissionID: id, Act: d.Act, Reason: d.Reason, Words: d.Words,
		Actor: tx.Actor.Key(), ActorName: tx.Actor.Name, Before: text(from), After: text(to), At: tx.Now,
	}).Error
	if err != nil {
		return to, err
	}
	return to, audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: string(d.Act), Object: "submission", ObjectID: id,
		Before: fact{State: from.State, Held: from.Held},
		After:  fact{State: to.State, Held: to.Held, Reason: d.Reason, Comment: d.Comment},
	})
}

// fact is what the trail keeps: never words, of the sender or about them.
type fact struct {
	State   submission.State `json:"state"`
	Held    string           `json:"held,omitempty"`
	Reason  string           `json:"reason,omitempty"`
	Comment int64            `json:"comment,string,omitempty"`
}

func text(s submission.Standing) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and words always have a JSON form
	}
	return string(raw)
}
