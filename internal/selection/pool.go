package selection

import (
	"slices"

	"guangyi/internal/meeting"
	"guangyi/internal/sortition"
)

// The categories of quotas that every pool may have.
const (
	categoryOf = "category"
	sideOf     = "side"
)

// draft is a pool before it is stored: the people with what excludes or places
// them, and how many seats there are to give.
type draft struct {
	meeting meeting.Meeting
	people  []Person
	seats   int
	panel   int // seats that are drawn
	pool    int // people who may be selected
	drawn   int // people among whom they are drawn
	trivial bool
}

// draftOf sorts everybody who applied.
func draftOf(m meeting.Meeting, applications []meeting.Application, invited map[int64]int) draft {
	d := draft{meeting: m}
	for _, a := range applications {
		p := Person{
			Meeting: m.ID, Application: a.ID, Label: a.Label, Category: a.Category, Features: features(m, a),
			Rule: excludes(m, a, invited[a.ID]),
		}
		if p.Rule == "" {
			d.place(&p, a)
		}
		d.people = append(d.people, p)
	}
	groups(m, d.people, applications)
	d.keepApart()
	d.count()
	return d
}

// keepApart takes out of the draw who may not sit with somebody that has a seat
// already.
func (d *draft) keepApart() {
	seated := map[int]bool{}
	for _, p := range d.people {
		if p.Place == Selected && p.Household != 0 {
			seated[p.Household] = true
		}
	}
	for i, p := range d.people {
		if d.inDraw(p) && seated[p.Household] {
			d.people[i].Rule = TogetherRule
		}
	}
}

// place settles those whose seats are not drawn: by order of arrival they have
// one already, by nomination those who were nominated have one.
func (d *draft) place(p *Person, a meeting.Application) {
	switch method := d.meeting.MethodOf(a.Category); {
	case method == meeting.ByDraw:
	case a.State.Holds(), method == meeting.ByNomination && a.Nominated:
		p.Place = Selected
	case a.State == meeting.Waiting:
		p.Place, p.Rank = Reserve, a.Rank
	default:
		p.Place = NotSelected
	}
}

// features of an application, by category of quotas. Observers count for no
// quota but that of their own seats.
func features(m meeting.Meeting, a meeting.Application) map[string]string {
	out := map[string]string{}
	for _, c := range categories(m) {
		if f := a.Feature(c); f != "" && (c == categoryOf || a.Category != meeting.Observer) {
			out[c] = f
		}
	}
	return out
}

// categories of quotas, in the order of the call.
func categories(m meeting.Meeting) []string {
	out := []string{categoryOf}
	if m.Sides {
		out = append(out, sideOf)
	}
	for _, q := range m.Quotas {
		if !slices.Contains(out, q.Category) {
			out = append(out, q.Category)
		}
	}
	return out
}

// count works out how many seats are drawn. A category with fewer applicants than
// seats takes them all in, and what it leaves empty goes to no other.
func (d *draft) count() {
	m := d.meeting
	free, placed, unbounded := 0, 0, 0
	units := d.units()
	for _, c := range m.AllCategories() {
		if m.MethodOf(c.Code) != meeting.ByDraw {
			placed += c.Seats
			continue
		}
		if c.Seats == 0 {
			unbounded += units[c.Code]
			continue
		}
		free += c.Seats
		d.panel += min(c.Seats, units[c.Code])
	}
	if len(m.Categories) == 0 && m.Method == meeting.ByDraw {
		unbounded += units[""]
	}
	d.seats = max(m.Seats+m.Observers, placed+free)
	if unbounded > 0 {
		d.panel += min(max(0, d.seats-placed-free), unbounded)
	}
	for _, p := range d.people {
		if d.inDraw(p) {
			d.drawn++
		}
		if p.Rule == "" {
			d.pool++
		}
	}
	d.trivial = d.panel == d.drawn
}

func (d *draft) inDraw(p Person) bool { return p.Rule == "" && p.Place == "" }

// units counts, by category, people in the draw, those of one household as one.
func (d *draft) units() map[string]int {
	type home struct {
		category string
		group    int
	}
	seen, out := map[home]bool{}, map[string]int{}
	for _, p := range d.people {
		if !d.inDraw(p) {
			continue
		}
		h := home{p.Category, p.Household}
		if p.Household != 0 && seen[h] {
			continue
		}
		seen[h] = true
		out[p.Category]++
	}
	return out
}

// groups numbers those who may not sit together: who shares an address, where
// the call keeps households apart, and who shares an employer or body, where it
// keeps these apart. Whoever is linked over others is in the same group.
func groups(m meeting.Meeting, people []Person, applications []meeting.Application) {
	root := make([]int, len(people))
	for i := range root {
		root[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	first := map[string]int{}
	join := func(kind string, key []byte, i int) {
		if len(key) == 0 || people[i].Rule != "" {
			return
		}
		if j, known := first[kind+string(key)]; known {
			root[find(i)] = find(j)
			return
		}
		first[kind+string(key)] = i
	}
	for i, a := range applications {
		if m.Households {
			join("household ", a.Household, i)
		}
		if m.Units {
			join("unit ", a.Unit, i)
		}
	}
	size, number := map[int]int{}, map[int]int{}
	for i := range people {
		size[find(i)]++
	}
	for i := range people {
		r := find(i)
		if size[r] < 2 {
			continue
		}
		if number[r] == 0 {
			number[r] = len(number) + 1
		}
		people[i].Household = number[r]
	}
}

// poolOf is what is drawn from: the people whose seats are drawn, and the quotas
// as far as they bear on those seats.
func poolOf(d draft) sortition.Pool {
	p := sortition.Pool{Categories: categories(d.meeting), Panel: d.panel}
	for _, person := range d.people {
		if d.inDraw(person) {
			p.People = append(p.People, sortition.Person{ID: person.Label, Features: vector(p.Categories, person), Household: homeName(person.Household)})
		}
	}
	p.Quotas = d.quotas()
	return p
}

func vector(categories []string, p Person) []string {
	out := make([]string, len(categories))
	for i, c := range categories {
		out[i] = p.Features[c]
	}
	return out
}

// quotas are those of the call, less what the seats that are not drawn already
// fill, and the seats of each category. A quota that the call states for a
// category or a side takes the place of what its seats alone would say.
func (d *draft) quotas() []sortition.Quota {
	var out []sortition.Quota
	stated := map[[2]string]bool{}
	for _, q := range d.meeting.Quotas {
		stated[[2]string{q.Category, q.Feature}] = true
		filled := d.filled(q.Category, q.Feature)
		most := min(q.Max, d.panel+filled)
		out = append(out, sortition.Quota{
			Category: q.Category, Feature: q.Feature, Min: max(0, q.Min-filled), Max: max(0, most-filled, q.Min-filled),
		})
	}
	for _, q := range d.seatQuotas() {
		if !stated[[2]string{q.Category, q.Feature}] {
			out = append(out, q)
		}
	}
	return out
}

// filled counts those with a feature whose seats are not drawn.
func (d *draft) filled(category, feature string) int {
	n := 0
	for _, p := range d.people {
		if p.Rule == "" && p.Place == Selected && p.Features[category] == feature {
			n++
		}
	}
	return n
}

// seatQuotas are the seats of the categories that are drawn, and where a meeting
// has sides, as many for as against, or one more.
func (d *draft) seatQuotas() []sortition.Quota {
	var out []sortition.Quota
	units, observers := d.units(), 0
	for _, c := range d.meeting.AllCategories() {
		if d.meeting.MethodOf(c.Code) != meeting.ByDraw || c.Seats == 0 {
			continue
		}
		n := min(c.Seats, units[c.Code])
		if c.Code == meeting.Observer {
			observers = n
		}
		out = append(out, sortition.Quota{Category: categoryOf, Feature: c.Code, Min: n, Max: n})
	}
	if d.meeting.Sides {
		speakers := d.panel - observers
		for _, side := range []string{"for", "against"} {
			out = append(out, sortition.Quota{Category: sideOf, Feature: side, Min: speakers / 2, Max: (speakers + 1) / 2})
		}
	}
	return out
}
