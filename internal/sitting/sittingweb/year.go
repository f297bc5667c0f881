package sittingweb

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/layouts"
	"guangyi/views/sittingview"
)

// counted finds the year and the organisation that are asked for; "" is all.
func (h handlers) counted(c *web.Ctx) (y sitting.Year, slug, name string, err error) {
	year, err := strconv.Atoi(c.Params("year"))
	if err != nil || year < 2000 || year > 2999 {
		return y, "", "", fault.Missing()
	}
	var id int64
	if slug = c.QueryText("organisation"); slug != "" {
		org, err := h.Organisations.BySlug(c.UserContext(), slug)
		if err != nil {
			return y, "", "", err
		}
		id, name = org.ID, org.Name
	}
	y, err = h.Sittings.Year(c.UserContext(), id, year, c.Visit.Locale.Zone())
	return y, slug, name, err
}

// year shows the yearly account: counts only.
func (h handlers) year(c *web.Ctx) error {
	y, slug, name, err := h.counted(c)
	if err != nil {
		return err
	}
	p := layouts.From(c.Visit, c.T("sitting.year", "year", y.Year))
	p.Section = "meetings"
	return c.Render(200, sittingview.YearPage(p, sittingview.Year{Year: y, Unit: slug, UnitName: name}))
}

// yearTable is the same as a table, one figure a row.
func (h handlers) yearTable(c *web.Ctx) error {
	y, _, _, err := h.counted(c)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, sheet.CSV, []string{"year", "figure", "part", "count"})
	if err != nil {
		return err
	}
	row := func(figure, part string, n int) {
		if err == nil {
			err = w.Write(y.Year, figure, part, n)
		}
	}
	row("meetings", "", y.Meetings)
	row("invited", "", y.Invited)
	row("came", "", y.Came)
	row("statements", "", y.Statements)
	shares := func(figure string, list []sitting.Share) {
		for _, s := range list {
			row("invited_by_"+figure, s.Name, s.Invited)
			row("came_by_"+figure, s.Name, s.Came)
		}
	}
	shares("category", y.ByCategory)
	shares("district", y.ByDistrict)
	for _, code := range slices.Sorted(maps.Keys(y.Dispositions)) {
		row("suggestions", code, y.Dispositions[code])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return err
	}
	c.Set("Content-Type", sheet.CSV.MediaType())
	c.Set("Content-Disposition", `attachment; filename="meetings-`+strconv.Itoa(y.Year)+`.csv"`)
	return c.Send(out.Bytes())
}
