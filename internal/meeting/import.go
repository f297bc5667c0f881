package meeting

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
)

// Unknown is a published figure that the source left empty.
const Unknown = -1

// Bulk says into what a table of past meetings is brought. Days begin in Zone.
type Bulk struct {
	Organisation int64
	Lang         string // of the texts, a language tag
	Zone         *time.Location
	DryRun       bool // find out only
}

// Finding is what stands against one row; the others still go in. Code is a
// message key below "error.".
type Finding struct {
	Line, Column int // from 1; column 1 where the whole row is meant
	Name         string
	Code         string
	Args         []any
}

// Imported says how a table fared. Rows = Taken + Repeated + Refused.
type Imported struct{ Rows, Taken, Repeated, Refused int }

// headers are the names of the columns: those of the open data of a participation
// platform (in Catalan) and plain English ones.
var headers = map[string][]string{
	"id":            {"ID de cita", "id"},
	"title":         {"Títol", "title"},
	"description":   {"Descripció", "description"},
	"date":          {"Data", "date"},
	"place":         {"Adreça", "place", "address"},
	"district":      {"Districte", "district"},
	"category":      {"Categoria", "category"},
	"subcategory":   {"Subcategoria", "subcategory"},
	"attended":      {"Assistents", "attendees"},
	"proposals":     {"Propostes", "proposals"},
	"interventions": {"Intervencions", "interventions"},
	"url":           {"URL", "url"},
}

// importBatch is how many meetings one transaction takes.
const importBatch = 100

// importing is one run over a table.
type importing struct {
	s      *Service
	who    actor.Actor
	bulk   Bulk
	find   func(Finding)
	batch  []Meeting
	seen   map[string]bool
	report Imported
}

// Import brings meetings that were held before into an organisation's published
// history, with their figures. A row is known by its id: what is there already is
// counted as repeated and left as it is, so that an import can be run again. Rows
// are read one at a time; find hears of each that was refused.
func (s *Service) Import(ctx context.Context, who actor.Actor, b Bulk, rows sheet.Reader, find func(Finding)) (Imported, error) {
	if err := known(who); err != nil {
		return Imported{}, err
	}
	if err := s.gate.Require(who, PermissionImport, b.Organisation); err != nil {
		return Imported{}, err
	}
	i := &importing{s: s, who: who, bulk: b, find: find, seen: map[string]bool{}}
	if err := i.columns(rows); err != nil {
		return Imported{}, err
	}
	err := sheet.All(rows, func(r sheet.Row) error { return i.take(ctx, r) }, func(bad *sheet.RowError) error {
		i.report.Rows++
		i.refuse(Finding{Line: bad.Line, Column: bad.Column, Name: bad.Name, Code: "meeting.row." + string(bad.Reason)})
		return nil
	})
	if err == nil {
		err = i.flush(ctx)
	}
	return i.report, err
}

// columns refuses a table that lacks what every row needs.
func (i *importing) columns(rows sheet.Reader) error {
	names := rows.Columns()
	if names == nil {
		return nil // each row has its own
	}
	var f fault.Fields
	for _, need := range []string{"id", "title", "date"} {
		if !slices.ContainsFunc(headers[need], func(h string) bool { return slices.Contains(names, h) }) {
			f.Add(need, "meeting.column", "column", headers[need][0])
		}
	}
	return f.Err()
}

// value is the cell under any of a column's names; name is the one that the file has.
func value(r sheet.Row, column string) (text, name string) {
	for _, h := range headers[column] {
		if v, ok := r.Get(h); ok {
			return strings.TrimSpace(v), h
		}
	}
	return "", headers[column][0]
}

func (i *importing) refuse(f Finding) {
	i.report.Refused++
	if i.find != nil {
		i.find(f)
	}
}

func (i *importing) take(ctx context.Context, r sheet.Row) error {
	i.report.Rows++
	m, err := i.read(r)
	var bad *cellError
	if errors.As(err, &bad) {
		i.refuse(Finding{Line: r.Line, Column: max(r.Position(bad.name), 1), Name: bad.name, Code: bad.code, Args: bad.args})
		return nil
	}
	if i.seen[m.ImportedID] {
		i.report.Repeated++
		return nil
	}
	i.seen[m.ImportedID] = true
	if i.batch = append(i.batch, m); len(i.batch) < importBatch {
		return nil
	}
	return i.flush(ctx)
}

// cellError is a cell that cannot be.
type cellError struct {
	name, code string
	args       []any
}

func (e *cellError) Error() string { return e.name + ": " + e.code }

// read makes a meeting of a row.
func (i *importing) read(r sheet.Row) (Meeting, error) {
	m := Meeting{
		Organisation: i.bulk.Organisation, Lang: i.bulk.Lang, Kind: Other, Procedure: "plain", OpenTo: ToAll, Method: ByOrder,
		State: AccountPublished, Version: 1,
	}
	for _, t := range []struct {
		to     *string
		column string
		most   int
		needed bool
	}{
		{&m.ImportedID, "id", 60, true}, {&m.Title, "title", TitleLength, true}, {&m.Description, "description", TextLength, false},
		{&m.Place, "place", LineLength, false}, {&m.District, "district", 100, false}, {&m.Source, "url", LineLength, false},
	} {
		text, name := value(r, t.column)
		switch n := utf8.RuneCountInString(text); {
		case n == 0 && t.needed:
			return m, &cellError{name, "meeting.row.empty", nil}
		case n > t.most:
			return m, &cellError{name, "meeting.too_long", []any{"most", t.most, "count", n - t.most}}
		}
		*t.to = text
	}
	date, name := value(r, "date")
	at, ok := i.date(date)
	if !ok {
		return m, &cellError{name, "meeting.row.date", []any{"value", date}}
	}
	m.StartsAt, m.EndsAt = at.UTC(), at.AddDate(0, 0, 1).UTC()
	for _, n := range []struct {
		to     *int
		column string
	}{{&m.Attended, "attended"}, {&m.Proposals, "proposals"}, {&m.Interventions, "interventions"}} {
		text, name := value(r, n.column)
		if *n.to, ok = figure(text); !ok {
			return m, &cellError{name, "meeting.row.number", []any{"value", text}}
		}
	}
	category, _ := value(r, "category")
	subcategory, _ := value(r, "subcategory")
	m.Topic = strings.Trim(category+" · "+subcategory, " ·")
	m.tidy()
	return m, nil
}

// date reads DD/MM/YYYY and YYYY-MM-DD, as a day of the site's zone.
func (i *importing) date(text string) (time.Time, bool) {
	for _, layout := range []string{"02/01/2006", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, i.bulk.Zone); err == nil && t.Year() >= 1900 && t.Year() <= 9000 {
			return t, true
		}
	}
	return time.Time{}, false
}

// figure reads a count; an empty one is Unknown.
func figure(text string) (int, bool) {
	if text == "" {
		return Unknown, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

// flush stores what was read, in one transaction.
func (i *importing) flush(ctx context.Context) error {
	if len(i.batch) == 0 {
		return nil
	}
	batch := i.batch
	i.batch = nil
	known, err := i.there(ctx, batch)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(batch, func(m Meeting) bool { return known[m.ImportedID] })
	i.report.Repeated += len(batch) - len(fresh)
	if len(fresh) == 0 {
		return nil
	}
	if i.bulk.DryRun {
		i.report.Taken += len(fresh)
		return nil
	}
	err = i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		for n := range fresh {
			if err := i.store(tx, &fresh[n]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		i.report.Taken += len(fresh)
	}
	return err
}

func (i *importing) there(ctx context.Context, batch []Meeting) (map[string]bool, error) {
	numbers := make([]string, len(batch))
	for n, m := range batch {
		numbers[n] = m.ImportedID
	}
	var found []string
	err := i.s.db.Read(ctx).Model(&Meeting{}).Where("organisation_id = ? AND imported_id IN ?", i.bulk.Organisation, numbers).
		Pluck("imported_id", &found).Error
	out := map[string]bool{}
	for _, f := range found {
		out[f] = true
	}
	return out, err
}

func (i *importing) store(tx *database.Tx, m *Meeting) error {
	m.Author, m.Contributors = i.who.Key(), []string{i.who.Key()}
	m.CreatedAt, m.UpdatedAt = tx.Now, tx.Now
	m.ApprovedAt, m.PublishedAt = &tx.Now, &tx.Now
	if err := i.s.addAs(tx, m, slugFrom(m.Source)); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "import", Object: "meeting", ObjectID: m.ID,
		After: map[string]any{"slug": m.Slug, "title": m.Title, "id": m.ImportedID, "attended": m.Attended},
	})
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// slugFrom is the last part of an address, where it can be one of ours.
func slugFrom(source string) string {
	u, err := url.Parse(source)
	if err != nil {
		return ""
	}
	last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	if len(last) > longestSlug {
		last = strings.Trim(last[:longestSlug], "-")
	}
	if !slugForm.MatchString(last) || len(last) < 3 {
		return ""
	}
	return last
}
