package meeting

import (
	"fmt"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// OwnConsultation gives the meeting's own consultation, in which what is said in
// the meeting is kept and answered like any comment; it is made when it is first
// asked for, with a copy of the draft that the meeting is about, else with the
// agenda as its provisions. It is never listed. m is locked and afterwards names it.
func (s *Service) OwnConsultation(tx *database.Tx, m *Meeting) (slug string, id int64, err error) {
	if m.Consultation != 0 {
		c, err := consultation.Lock(tx, m.Consultation)
		return c.Slug, c.ID, err
	}
	src, rows, err := s.discussed(tx, *m)
	if err != nil {
		return "", 0, err
	}
	c, err := s.consultations.AddUnlisted(tx, consultation.Consultation{
		Organisation: m.Organisation, Lang: m.Lang, Title: cut(m.Title), Ask: m.Ask, Contact: m.Contact,
		Background: m.Matter, Explanation: m.Description,
	}, src, rows)
	if err != nil {
		return "", 0, err
	}
	m.Consultation = c.ID
	return c.Slug, c.ID, tx.Model(&Meeting{}).Where("id = ?", m.ID).Update("consultation_id", c.ID).Error
}

// cut shortens a title to what a consultation may have.
func cut(title string) string {
	if r := []rune(title); len(r) > consultation.TitleLength {
		return string(r[:consultation.TitleLength])
	}
	return title
}

// discussed is what is talked about: the draft, as staff corrected it, or the agenda.
func (s *Service) discussed(tx *database.Tx, m Meeting) (draft.Source, []draft.Row, error) {
	if m.AboutID != 0 {
		v, rows, err := s.drafts.Copy(tx, m.AboutID, draft.First)
		if err == nil {
			return draft.Source{Name: v.SourceName, Format: v.SourceFormat, Text: v.Source, Lang: v.Lang}, rows, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return draft.Source{}, nil, err
		}
	}
	items, err := ItemsIn(tx, m.ID)
	if err != nil {
		return draft.Source{}, nil, err
	}
	var b strings.Builder
	b.WriteString("# " + oneLine(m.Title) + "\n\n")
	n := 0
	for _, x := range items {
		if x.State == ItemMoved {
			continue
		}
		n++
		b.WriteString(agendaLine(m.Lang, n, oneLine(x.Title)))
	}
	if n == 0 {
		matter := m.Matter
		if matter == "" {
			matter = m.Title
		}
		b.WriteString(agendaLine(m.Lang, 1, oneLine(matter)))
	}
	return draft.Source{Name: "agenda.md", Format: "markdown", Text: b.String(), Lang: m.Lang}, nil, nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// agendaLine is an item in the form in which drafts number their articles.
func agendaLine(lang string, n int, title string) string {
	if lang == "en" {
		return fmt.Sprintf("Article %d %s\n\n", n, title)
	}
	return fmt.Sprintf("第%d条 %s\n\n", n, title)
}
