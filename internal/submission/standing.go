package submission

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/register"
)

// What the register says of a submission after its receipt.
const (
	LeafWithholding = "withholding"
	LeafRelease     = "release" // a withholding taken back
	LeafWithdrawal  = "withdrawal"
)

// ByItsSender is the reason that stands on each comment of a withdrawn submission.
const ByItsSender = "withdrawn"

// Shown is how the public sees one comment. Public: it stands in the list of
// comments and in its count, in its words or, withheld, with a mark in their
// place. Waiting: somebody has to decide whether it stands there.
type Shown struct {
	Comment  int64  `json:"comment,string"`
	Public   bool   `json:"public,omitempty"`
	Waiting  bool   `json:"waiting,omitempty"`
	Withheld string `json:"withheld,omitempty"` // reason; empty: its words are read
	Masks    Masks  `json:"masks,omitzero"`
}

// Standing is how a submission stands before the public. State follows from the
// rest: held while Held names a reason, withdrawn by its sender for good, withheld
// while the words of one of its comments are.
type Standing struct {
	State    State   `json:"state"`
	Held     string  `json:"held,omitempty"`
	Comments []Shown `json:"comments,omitempty"`
}

// settle works the state out.
func (s *Standing) settle() {
	switch {
	case s.State == Withdrawn:
	case s.Held != "":
		s.State = Held
	case slices.ContainsFunc(s.Comments, func(c Shown) bool { return c.Withheld != "" }):
		s.State = Withheld
	default:
		s.State = Accepted
	}
}

// Hold reads a consultation so that its state stays until the transaction ends,
// for somebody who may do this with what was sent to it.
func (s *Service) Hold(tx *database.Tx, slug string, may access.Permission) (consultation.Consultation, error) {
	return s.hold(tx, slug, may)
}

// Stand reads how a submission stands and locks it. Only package moderation, which
// keeps the rules of showing, calls it and Restand. NotFound for another
// consultation's.
func Stand(tx *database.Tx, consultation, submission int64) (Standing, []Comment, error) {
	var x struct {
		State State
		Held  string
	}
	err := tx.Lock().Table("submissions").Select("state, held").Where("consultation_id = ? AND id = ?", consultation, submission).Take(&x).Error
	if err != nil {
		return Standing{}, nil, database.Translate(err)
	}
	var comments []Comment
	err = tx.Lock().Where("consultation_id = ? AND submission_id = ? AND NOT split", consultation, submission).
		Order("position, span_start, id").Find(&comments).Error
	s := Standing{State: x.State, Held: x.Held}
	for _, c := range comments {
		s.Comments = append(s.Comments, Shown{c.ID, c.Public, c.Waiting, c.Withheld, c.MaskedAs()})
	}
	return s, comments, err
}

// Restand makes a submission stand as it says from now on, moves the counters of
// what is public by exactly that, and leaves in the register what changed of its
// state. Comments must be those that Stand gave. event is the number under which
// the act is kept.
func Restand(tx *database.Tx, c consultation.Consultation, submission, event int64, reason string, from, to Standing, comments []Comment) (Standing, error) {
	to.settle()
	if len(to.Comments) != len(comments) {
		return to, fault.New(fault.Conflict, "submission.split_meanwhile")
	}
	for i := range comments {
		if to.Comments[i].Comment != comments[i].ID {
			return to, fault.New(fault.Conflict, "submission.split_meanwhile")
		}
	}
	public := map[string]int64{}
	for i, one := range comments {
		changed, err := rewrite(tx, one, &to.Comments[i])
		if err != nil {
			return to, err
		}
		public[one.Provision] += changed
	}
	for _, provision := range slices.Sorted(maps.Keys(public)) {
		if public[provision] == 0 {
			continue
		}
		err := tx.Exec(`UPDATE provision_counters SET public = public + ? WHERE consultation_id = ? AND provision = ?`,
			public[provision], c.ID, provision).Error
		if err != nil {
			return to, err
		}
	}
	err := tx.Exec(`UPDATE submissions SET state = ?, held = ? WHERE consultation_id = ? AND id = ?`, string(to.State), to.Held, c.ID, submission).Error
	if err != nil {
		return to, err
	}
	if err := countStates(tx, c.ID, from.State, to.State); err != nil {
		return to, err
	}
	return to, leaves(tx, c, submission, event, reason, from, to)
}

// countStates moves the figures of a consultation with the state of one submission.
func countStates(tx *database.Tx, id int64, from, to State) error {
	var d consultation.Delta
	figure := map[State]*int{Held: &d.Held, Withheld: &d.Withheld, Withdrawn: &d.Withdrawn}
	if n := figure[from]; n != nil {
		*n--
	}
	if n := figure[to]; n != nil {
		*n++
	}
	return consultation.Count(tx, id, d)
}

// rewrite stores how one comment is shown and tells by how much that moves the
// count of public ones.
func rewrite(tx *database.Tx, was Comment, is *Shown) (int64, error) {
	one := was
	one.Public, one.Waiting, one.Withheld = is.Public, is.Waiting, is.Withheld
	one.mask(is.Masks)
	is.Masks = one.MaskedAs()
	if one == was {
		return 0, nil
	}
	err := tx.Model(&Comment{}).Where("consultation_id = ? AND id = ?", was.ConsultationID, was.ID).Updates(map[string]any{
		"public": one.Public, "waiting": one.Waiting, "withheld": one.Withheld, "masks": one.Masks,
		"redacted": one.Redacted, "redacted_proposed": one.RedactedProposed, "version": was.Version + 1,
	}).Error
	switch {
	case one.Public && !was.Public:
		return 1, err
	case was.Public && !one.Public:
		return -1, err
	}
	return 0, err
}

// standingLeaf is what the register says of a change: never words, never a person.
type standingLeaf struct {
	V            int    `json:"v"`
	Kind         string `json:"kind"`
	Consultation string `json:"consultation"`
	Submission   string `json:"submission"` // hash of its own leaf
	Reason       string `json:"reason"`
	At           string `json:"at"`
}

// leaves tells the register what became of a submission. While one comment of
// several stays withheld, the release of another is followed by what still holds,
// so that the last leaf of a submission always tells its state.
func leaves(tx *database.Tx, c consultation.Consultation, submission, event int64, reason string, from, to Standing) error {
	was, is := withheldOnes(from), withheldOnes(to)
	var kinds []string
	switch {
	case to.State == Withdrawn && from.State != Withdrawn:
		kinds = []string{LeafWithdrawal}
	case to.State == Withdrawn:
	case fewer(was, is) && len(is) > 0:
		kinds = []string{LeafRelease, LeafWithholding}
	case fewer(was, is):
		kinds = []string{LeafRelease}
	case !maps.Equal(was, is):
		kinds = []string{LeafWithholding}
	}
	if len(kinds) == 0 {
		return nil
	}
	var hash []byte
	if err := tx.Table("submissions").Select("leaf_hash").Where("consultation_id = ? AND id = ?", c.ID, submission).Row().Scan(&hash); err != nil {
		return fmt.Errorf("the leaf of submission %d: %w", submission, err)
	}
	for _, kind := range kinds {
		if kind == LeafWithholding && len(kinds) > 1 {
			reason = is[slices.Sorted(maps.Keys(is))[0]]
		}
		err := register.Add(tx, kind, event, register.Canonical(standingLeaf{
			V: 1, Kind: kind, Consultation: c.Slug, Submission: hex.EncodeToString(hash), Reason: reason, At: tx.Now.UTC().Format(leafTime),
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

// withheldOnes are the comments whose words are kept back, with the reasons.
func withheldOnes(s Standing) map[int64]string {
	out := map[int64]string{}
	for _, c := range s.Comments {
		if c.Withheld != "" {
			out[c.Comment] = c.Withheld
		}
	}
	return out
}

// fewer reports that one that was withheld is not any more.
func fewer(was, is map[int64]string) bool {
	for id := range was {
		if _, still := is[id]; !still {
			return true
		}
	}
	return false
}

// HoldPublic reads a consultation so that its state stays, for the sender of
// something: NotFound before approval.
func (s *Service) HoldPublic(tx *database.Tx, slug string) (consultation.Consultation, error) {
	c, err := s.held(tx, slug)
	if err != nil {
		return c, database.Translate(err)
	}
	if !c.Public() {
		return c, fault.Missing()
	}
	return c, nil
}
