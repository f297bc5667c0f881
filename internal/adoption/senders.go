package adoption

import (
	"fmt"

	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// atOnce is how many keys one statement names.
const atOnce = 500

// comment is what gathering must know of a comment.
type comment struct {
	ID           int64
	SubmissionID int64
	Person       int64
	Provision    string
	Split        bool
	SuggestionID int64
}

// lookUp reads the comments in the order of the ids, each once. An id that is no
// comment of this consultation, or one that was split, is Invalid.
func (s *Service) lookUp(tx *database.Tx, c subject, ids []int64) ([]comment, error) {
	if len(ids) > GatherLimit {
		return nil, (fault.Fields{{Name: "comments", Code: "suggestion.comments_too_many", Args: []any{"limit", GatherLimit}}}).Err()
	}
	known := make(map[int64]comment, len(ids))
	for start := 0; start < len(ids); start += atOnce {
		var part []comment
		err := tx.Table("comments AS c").Select("c.id, c.submission_id, s.person, c.provision, c.split, c.suggestion_id").
			Joins("JOIN submissions AS s ON s.consultation_id = c.consultation_id AND s.id = c.submission_id").
			Where("c.consultation_id = ? AND c.id IN ?", c.ID, ids[start:min(start+atOnce, len(ids))]).Find(&part).Error
		if err != nil {
			return nil, err
		}
		for _, one := range part {
			known[one.ID] = one
		}
	}
	out := make([]comment, 0, len(ids))
	seen := map[int64]bool{}
	var faults fault.Fields
	for i, id := range ids {
		one, ok := known[id]
		switch {
		case !ok:
			faults.Add(fmt.Sprintf("comments[%d]", i), "suggestion.comment_unknown")
		case one.Split:
			faults.Add(fmt.Sprintf("comments[%d]", i), "suggestion.comment_split")
		case !seen[id]:
			seen[id] = true
			out = append(out, one)
		}
	}
	return out, faults.Err()
}

// moved notes the holder on the comments; one that was split in the meantime makes
// the whole change a conflict.
func moved(tx *database.Tx, consultation int64, some []comment, holder int64) error {
	ids := make([]int64, len(some))
	for i, one := range some {
		ids[i] = one.ID
	}
	n, err := submission.Gathered(tx, consultation, ids, holder)
	if err == nil && n != len(ids) {
		err = fault.Stale()
	}
	return err
}

// sender is how many comments of one letter a suggestion holds.
type sender struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	SuggestionID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Person         int64 `gorm:"primaryKey;autoIncrement:false"`
	SubmissionID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Comments       int
}

func (sender) TableName() string { return "suggestion_senders" }

// shiftSenders moves the figures of letters and people; it returns by how much.
func shiftSenders(tx *database.Tx, consultation, suggestion int64, some []comment, sign int) (letters, people int, err error) {
	byPerson := map[int64]map[int64]int{}
	persons := make([]int64, 0, len(some))
	for _, one := range some {
		if byPerson[one.Person] == nil {
			byPerson[one.Person] = map[int64]int{}
			persons = append(persons, one.Person)
		}
		byPerson[one.Person][one.SubmissionID] += sign
	}
	for start := 0; start < len(persons); start += atOnce {
		part := persons[start:min(start+atOnce, len(persons))]
		var rows []sender
		err := tx.Where("consultation_id = ? AND suggestion_id = ? AND person IN ?", consultation, suggestion, part).Find(&rows).Error
		if err != nil {
			return 0, 0, err
		}
		more, heads, changed := tally(consultation, suggestion, part, rows, byPerson)
		letters, people = letters+more, people+heads
		if err := storeSenders(tx, consultation, suggestion, changed); err != nil {
			return 0, 0, err
		}
	}
	return letters, people, nil
}

// tally adds the change to the stored rows and compares how many letters and people
// there were and are.
func tally(consultation, suggestion int64, part []int64, rows []sender, change map[int64]map[int64]int) (letters, people int, changed []sender) {
	stored := map[int64]map[int64]int{}
	for _, r := range rows {
		if stored[r.Person] == nil {
			stored[r.Person] = map[int64]int{}
		}
		stored[r.Person][r.SubmissionID] = r.Comments
	}
	for _, person := range part {
		had := len(stored[person])
		has := had
		for letter, by := range change[person] {
			was := stored[person][letter]
			is := was + by
			changed = append(changed, sender{consultation, suggestion, person, letter, is})
			if was == 0 && is > 0 {
				has++
			}
			if was > 0 && is == 0 {
				has--
			}
		}
		letters += has - had
		if had == 0 && has > 0 {
			people++
		}
		if had > 0 && has == 0 {
			people--
		}
	}
	return letters, people, changed
}

func storeSenders(tx *database.Tx, consultation, suggestion int64, changed []sender) error {
	var kept []sender
	var gone, persons []int64
	for _, r := range changed {
		if r.Comments > 0 {
			kept = append(kept, r)
		} else {
			gone, persons = append(gone, r.SubmissionID), append(persons, r.Person)
		}
	}
	if len(kept) > 0 {
		err := tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "consultation_id"}, {Name: "suggestion_id"}, {Name: "person"}, {Name: "submission_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"comments"}),
		}).CreateInBatches(&kept, atOnce).Error
		if err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return tx.Where("consultation_id = ? AND suggestion_id = ? AND person IN ? AND submission_id IN ?", consultation, suggestion, persons, gone).Delete(&sender{}).Error
}
