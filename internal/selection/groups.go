package selection

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"

	"guangyi/internal/sortition"
)

// sameChance is how near two chances are that one number on a page stands for.
const sameChance = 5e-6

// mostGroups is how many groups of one category are told apart.
const mostGroups = 4

// grouped puts the people of each category together by chance, and names what
// tells them apart where one category of quotas does.
func grouped(r sortition.Record, people []Person) []Group {
	on := make(map[string]int, len(people))
	for _, p := range people {
		on[p.Label] = p.On
	}
	column := slices.Index(r.Categories, categoryOf)
	by, order := map[string][]sortition.RecordPerson{}, []string{}
	for _, p := range r.People {
		c := p.Features[column]
		if by[c] == nil {
			order = append(order, c)
		}
		by[c] = append(by[c], p)
	}
	order = callOrder(r, order)
	var out []Group
	for _, c := range order {
		out = append(out, apart(c, by[c], r.Categories, on)...)
	}
	return out
}

// callOrder puts categories in the order of the quotas, which is the call's.
func callOrder(r sortition.Record, categories []string) []string {
	at := map[string]int{}
	for i, q := range r.Quotas {
		if q.Category == categoryOf {
			at[q.Feature] = i + 1
		}
	}
	slices.SortStableFunc(categories, func(a, b string) int { return cmp.Compare(at[a], at[b]) })
	return categories
}

// apart splits one category.
func apart(category string, people []sortition.RecordPerson, categories []string, on map[string]int) []Group {
	whole := groupOf(category, people, on)
	if whole.High-whole.Low < sameChance {
		return []Group{whole}
	}
	for i, by := range categories {
		if by == categoryOf {
			continue
		}
		if groups := split(category, by, i, people, on); len(groups) > 1 && len(groups) <= mostGroups {
			return groups
		}
	}
	return []Group{whole}
}

// split groups by one feature; nil when people with the same feature differ in
// chance.
func split(category, by string, column int, people []sortition.RecordPerson, on map[string]int) []Group {
	of := map[string][]sortition.RecordPerson{}
	for _, p := range people {
		of[p.Features[column]] = append(of[p.Features[column]], p)
	}
	var out []Group
	for feature, members := range of {
		g := groupOf(category, members, on)
		if g.High-g.Low >= sameChance {
			return nil
		}
		g.By, g.Features = by, []string{feature}
		i := slices.IndexFunc(out, func(o Group) bool { return math.Abs(o.Low-g.Low) < sameChance })
		if i < 0 {
			out = append(out, g)
			continue
		}
		out[i].Features = append(out[i].Features, feature)
		out[i].People += g.People
		out[i].On, out[i].OnMax = min(out[i].On, g.On), max(out[i].OnMax, g.OnMax)
	}
	for i := range out {
		slices.Sort(out[i].Features)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Low, b.Low) })
	return out
}

func groupOf(category string, people []sortition.RecordPerson, on map[string]int) Group {
	g := Group{Category: category, People: len(people), Low: 1, On: math.MaxInt}
	for _, p := range people {
		g.Low, g.High = min(g.Low, p.Chance), max(g.High, p.Chance)
		g.On, g.OnMax = min(g.On, on[p.Number]), max(g.OnMax, on[p.Number])
	}
	return g
}

// hidden is who stands in the public form in totals only.
func hidden(sel Selection, full sortition.Record) (map[string]bool, error) {
	var public sortition.Record
	if err := json.Unmarshal([]byte(sel.PublicRecord), &public); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	if public.Redaction == nil {
		return out, nil
	}
	for _, p := range full.People {
		out[p.Number] = true
	}
	for _, p := range public.People {
		delete(out, p.Number)
	}
	return out, nil
}

// bundle packs a record as it is downloaded; the same record gives the same bytes.
func bundle(record string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "draw.json", Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(record)); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}
