package consultationweb

import (
	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/consultationview"
)

// recordUsual is how many rows a page of the record holds.
const recordUsual = 50

// record shows who did what, newest first.
func (h handlers) record(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	_, cursor := c.Page(recordUsual, recordUsual)
	x, rows, err := h.Consultations.Trail(c.UserContext(), c.Who(), slug, cursor, recordUsual+1)
	if err != nil {
		return err
	}
	v := consultationview.Trail{C: x, First: cursor == 0, Start: c.With("cursor", "")}
	if len(rows) > recordUsual {
		rows = rows[:recordUsual]
		v.Next = c.With("cursor", ids.Format(rows[recordUsual-1].ID))
	}
	names, err := h.names(c, rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, consultationview.TrailRow{
			At: r.At, Who: who(c, r, names), What: what(c, r), Before: values(c, r.Before), After: values(c, r.After),
		})
	}
	return c.Render(200, consultationview.Record(h.staffPage(c, x, c.T("site.room.record")), v))
}

// names words the people of the rows.
func (h handlers) names(c *web.Ctx, rows []audit.Row) (map[int64]string, error) {
	var list []int64
	for _, r := range rows {
		if r.ActorID != 0 {
			list = append(list, r.ActorID)
		}
	}
	return h.Consultations.People(c.UserContext(), list)
}

func who(c *web.Ctx, r audit.Row, names map[int64]string) string {
	word := c.T("consultation.actor." + r.ActorKind)
	if name := names[r.ActorID]; name != "" {
		word = name
		if r.ActorKind == string(actor.Token) {
			word += c.T("consultation.actor.by_token")
		}
	}
	return word
}

// what words an action where the catalogue knows it.
func what(c *web.Ctx, r audit.Row) string {
	if key := "consultation.did." + r.Action; r.Object == "consultation" && c.Visit.Locale.Has(key) {
		return c.T(key)
	}
	if key := "record." + r.Object + "." + r.Action; c.Visit.Locale.Has(key) {
		return c.T(key)
	}
	return r.Object + " · " + r.Action
}
