package meeting

import (
	"strconv"

	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
)

// counter is a row of figures of one part of a meeting.
type counter struct {
	MeetingID int64  `gorm:"primaryKey;autoIncrement:false"`
	Part      string `gorm:"primaryKey"`
	Applied   int
	Seated    int
	Waiting   int
	Numbered  int // the last number given in this part; never falls
}

// TableName names the table for gorm.
func (counter) TableName() string { return "meeting_counters" }

// SidePart and SessionPart name parts in Meeting.Counts; the whole is "" and a
// category is its code.
func SidePart(side string) string { return "side:" + side }

// SessionPart names the part of a session.
func SessionPart(session int64) string { return "session:" + strconv.FormatInt(session, 10) }

func counts(tx *database.Tx, meeting int64) (map[string]Count, error) {
	var rows []counter
	if err := tx.Where("meeting_id = ?", meeting).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[string]Count, len(rows))
	for _, c := range rows {
		out[c.Part] = Count{c.Applied, c.Seated, c.Waiting}
	}
	return out, nil
}

// parts are the parts of a meeting that an application counts in.
func (a Application) parts() []string {
	out := []string{""}
	if a.Category != "" {
		out = append(out, a.Category)
	}
	if a.Side != "" {
		out = append(out, SidePart(a.Side))
	}
	if a.Session != 0 {
		out = append(out, SessionPart(a.Session))
	}
	return out
}

// count moves the figures of all parts of an application, and those in m with
// them. The meeting is locked.
func count(tx *database.Tx, m *Meeting, a Application, d Count) error {
	if d == (Count{}) {
		return nil
	}
	for _, part := range a.parts() {
		row := counter{MeetingID: m.ID, Part: part, Applied: d.Applied, Seated: d.Seated, Waiting: d.Waiting}
		err := tx.Exec(`INSERT INTO meeting_counters (meeting_id, part, applied, seated, waiting) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (meeting_id, part) DO UPDATE SET applied = meeting_counters.applied + excluded.applied,
			seated = meeting_counters.seated + excluded.seated, waiting = meeting_counters.waiting + excluded.waiting`,
			row.MeetingID, row.Part, row.Applied, row.Seated, row.Waiting).Error
		if err != nil {
			return err
		}
		c := m.Counts[part]
		m.Counts[part] = Count{c.Applied + d.Applied, c.Seated + d.Seated, c.Waiting + d.Waiting}
	}
	return nil
}

// numbered gives the next number in a part, from 1.
func numbered(tx *database.Tx, meeting int64, part string) (int, error) {
	row := counter{MeetingID: meeting, Part: part, Numbered: 1}
	err := tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "meeting_id"}, {Name: "part"}},
		DoUpdates: clause.Assignments(map[string]any{"numbered": clause.Expr{SQL: "meeting_counters.numbered + 1"}}),
	}, clause.Returning{Columns: []clause.Column{{Name: "numbered"}}}).Create(&row).Error
	return row.Numbered, err
}
