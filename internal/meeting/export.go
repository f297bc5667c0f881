package meeting

import (
	"context"
	"io"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/sheet"
)

// ExportColumns are the columns of the table of a meeting's applicants.
var ExportColumns = []string{"number", "label", "category", "side", "session", "party", "sex", "age_band", "district", "conflict",
	"state", "rank", "nominated", "representative", "channel", "applied_at", "name", "phone", "email"}

// Export writes a row an applicant, in the order of their numbers, a page at a
// time. Name, telephone number and address are filled in for who may see contacts
// (and on the command line); for all others a name stands only where its owner
// agreed to its publication and holds a seat. That it was written is recorded.
func (s *Service) Export(ctx context.Context, who actor.Actor, slug string, out io.Writer, format sheet.Format) error {
	m, err := s.exported(ctx, who, slug, format)
	if err != nil {
		return err
	}
	w, err := sheet.NewWriter(out, format, ExportColumns)
	if err != nil {
		return err
	}
	contacts := s.gate.May(who, PermissionContact, m.Organisation)
	for last := 0; ; {
		var page []Application
		if err := s.db.Read(ctx).Where("meeting_id = ? AND number > ?", m.ID, last).Order("number").Limit(pageMost).Find(&page).Error; err != nil {
			return err
		}
		people, err := s.people(ctx, m.ID, page, contacts)
		if err != nil {
			return err
		}
		for _, a := range page {
			if err := writeApplicant(w, m, a.utc(), people[a.ID]); err != nil {
				return err
			}
		}
		if len(page) < pageMost {
			return w.Close()
		}
		last = page[len(page)-1].Number
	}
}

// exported asks for leave and leaves the audit row.
func (s *Service) exported(ctx context.Context, who actor.Actor, slug string, format sheet.Format) (Meeting, error) {
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return m, err
	}
	if err := s.gate.Require(who, PermissionExport, m.Organisation); err != nil {
		return m, err
	}
	return m, s.db.Write(ctx, who, func(tx *database.Tx) error {
		return audit.Record(tx, audit.Entry{
			Organisation: m.Organisation, Action: "export", Object: "meeting", ObjectID: m.ID,
			After: map[string]any{"format": format, "contacts": s.gate.May(who, PermissionContact, m.Organisation)},
		})
	})
}

// people opens the sealed data of those whose name may stand in the table.
func (s *Service) people(ctx context.Context, meeting int64, page []Application, contacts bool) (map[int64]Person, error) {
	out := map[int64]Person{}
	var open []int64
	for _, a := range page {
		if !a.Erased && (contacts || a.PublishName && a.State.Holds()) {
			open = append(open, a.ID)
		}
	}
	if len(open) == 0 {
		return out, nil
	}
	var rows []applicant
	if err := s.db.Read(ctx).Where("meeting_id = ? AND application_id IN ?", meeting, open).Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		p, err := s.unseal(r)
		if err != nil {
			return nil, err
		}
		if !contacts {
			p = Person{Name: p.Name}
		}
		out[r.ApplicationID] = p
	}
	return out, nil
}

func writeApplicant(w *sheet.Writer, m Meeting, a Application, p Person) error {
	session := ""
	if x, ok := m.Session(a.Session); ok {
		session = x.Name
	}
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	return w.Write(a.Number, a.Label, a.Category, a.Side, session, a.Party, a.Sex, a.AgeBand, a.District, yes(a.Conflict),
		string(a.State), a.Rank, yes(a.Nominated), yes(a.Representative != 0), a.Channel, a.AppliedAt.Format(time.RFC3339), p.Name, p.Phone, p.Email)
}
