// Package representativeview draws the pool of standing representatives: what
// anybody sees of it, the application, a representative's own page, and the pages
// of the staff.
package representativeview

import (
	"strconv"
	"time"

	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/representative"
	"guangyi/views/components"
)

// Addresses of the pages.
const (
	PublicAddress = "/representatives"
	MyAddress     = "/my/representative"
	StaffAddress  = "/staff/representatives"
)

// ApplyAddress is where one applies to an organisation's pool.
func ApplyAddress(slug string) string { return PublicAddress + "/" + slug + "/apply" }

// MineAddress is a representative's own page.
func MineAddress(reference string) string { return MyAddress + "/" + reference }

// OneAddress is one membership as staff see it.
func OneAddress(id int64) string { return StaffAddress + "/" + ids.Format(id) }

// PoolAddress is where staff set the pool up.
func PoolAddress(slug string) string { return StaffAddress + "/pool?organisation=" + slug }

// CategoryName words a category: the program's own in the reader's language.
func CategoryName(l *i18n.Locale, c representative.Category) string {
	if c.Name != "" {
		return c.Name
	}
	if key := "representative.category." + c.Code; l.Has(key) {
		return l.T(key)
	}
	return c.Code
}

func nameOf(l *i18n.Locale, all []representative.Category, code string) string {
	for _, c := range all {
		if c.Code == code {
			return CategoryName(l, c)
		}
	}
	return CategoryName(l, representative.Category{Code: code})
}

// TermWords says a term by its first and last day.
func TermWords(l *i18n.Locale, from, until time.Time) string {
	return l.T("representative.term.days", "from", l.Date(from), "until", l.Date(until.Add(-time.Second)))
}

func stateWords(l *i18n.Locale, s representative.State) string {
	return l.T("representative.state." + string(s))
}

var shapes = map[representative.State]components.State{
	representative.Applied: components.Received, representative.Vetted: components.Waiting, representative.Admitted: components.Open,
	representative.Suspended: components.Overdue, representative.Refused: components.Withdrawn, representative.Left: components.Closed,
	representative.Ended: components.Closed,
}

func status(l *i18n.Locale, s representative.State) *components.Status {
	return &components.Status{State: shapes[s], Word: stateWords(l, s)}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func organisationOptions(all []organisation.Organisation, chosen int64) []components.Option {
	out := make([]components.Option, len(all))
	for i, o := range all {
		out[i] = components.Option{Value: o.Slug, Text: o.Name, Chosen: o.ID == chosen}
	}
	return out
}

func wordOptions(words []string, chosen ...string) []components.Option {
	out := make([]components.Option, len(words))
	for i, w := range words {
		out[i] = components.Option{Value: w, Text: w, Chosen: has(chosen, w)}
	}
	return out
}

func has(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// categoryOptions offers those that take somebody new, and the chosen one.
func categoryOptions(l *i18n.Locale, all []representative.Category, chosen string, retired bool) []components.Option {
	var out []components.Option
	for _, c := range all {
		if c.Retired && !retired && c.Code != chosen {
			continue
		}
		hint := c.Note
		if key := "representative.category." + c.Code + ".hint"; hint == "" && l.Has(key) {
			hint = l.T(key)
		}
		out = append(out, components.Option{Value: c.Code, Text: CategoryName(l, c), Hint: hint, Chosen: c.Code == chosen})
	}
	return out
}
