package drawfile

import (
	"strconv"
	"strings"

	"guangyi/internal/platform/sheet"
	"guangyi/internal/sortition"
)

// respondents reads the file of people into a pool.
type respondents struct {
	*table
	pool       *sortition.Pool
	names      Names
	id         int
	households []int
	categories []int
	features   []map[string]string // per category: folded feature to feature
	lines      map[string]int
	warnings   []*Fault
	warned     map[string]bool
}

func (r *respondents) read(path string) (err error) {
	if r.table, err = open(path); err != nil {
		return err
	}
	if err := r.find(); err != nil {
		r.rows.Close()
		return err
	}
	r.lines, r.warned = make(map[string]int), make(map[string]bool)
	if err := r.each(r.person); err != nil {
		return err
	}
	if len(r.pool.People) == 0 {
		return &Fault{File: r.name, Reason: "there is nobody in it"}
	}
	return nil
}

func (r *respondents) find() (err error) {
	r.id = -1
	if r.names.ID != "" {
		if r.id, err = r.need(r.names.ID); err != nil {
			return err
		}
	}
	for _, name := range r.names.Household {
		at, err := r.need(name)
		if err != nil {
			return err
		}
		r.households = append(r.households, at)
	}
	for _, category := range r.pool.Categories {
		at, err := r.need(category)
		if err != nil {
			return err
		}
		r.categories = append(r.categories, at)
		features := make(map[string]string)
		for _, q := range r.pool.Quotas {
			if q.Category == category {
				features[fold(q.Feature)] = q.Feature
			}
		}
		for _, q := range r.pool.Quotas { // a feature written exactly like this comes first
			if q.Category == category {
				features["="+q.Feature] = q.Feature
			}
		}
		r.features = append(r.features, features)
	}
	return nil
}

func (r *respondents) person(row sheet.Row) error {
	person := sortition.Person{ID: strconv.Itoa(len(r.pool.People) + 1)}
	if r.id >= 0 {
		person.ID = strings.TrimSpace(row.Values[r.id])
		if person.ID == "" {
			return r.fault(row, r.id, "the id is missing")
		}
		if line, twice := r.lines[person.ID]; twice {
			return r.fault(row, r.id, "the id %q stands in line %d already", person.ID, line)
		}
		r.lines[person.ID] = row.Line
	}
	person.Household = r.household(row)
	for c, column := range r.categories {
		person.Features = append(person.Features, r.feature(row, c, column))
	}
	r.pool.People = append(r.pool.People, person)
	return nil
}

// household joins the cells by a character that no cell holds.
func (r *respondents) household(row sheet.Row) string {
	var parts []string
	filled := false
	for _, column := range r.households {
		part := fold(row.Values[column])
		filled = filled || part != ""
		parts = append(parts, part)
	}
	if !filled {
		return ""
	}
	return strings.Join(parts, "\x00")
}

func (r *respondents) feature(row sheet.Row, category, column int) string {
	value := strings.TrimSpace(row.Values[column])
	if feature, known := r.features[category]["="+value]; known {
		return feature
	}
	if feature, known := r.features[category][fold(value)]; known {
		return feature
	}
	if key := strconv.Itoa(category) + "=" + value; !r.warned[key] {
		r.warned[key] = true
		r.warnings = append(r.warnings, r.fault(row, column, "no quota counts %q, here and in later rows", value))
	}
	return value
}
