package sortition

// polish goes over the lottery's panels one by one and gives a seat of a kind
// that sits too often to a kind that sits too seldom, where the quotas and the
// households of that panel allow it. It takes what rounding whole panels had to
// leave, and stops when a pass over all panels finds nothing.
type polish struct {
	kinds Kinds
	size  []float64
	off   []float64 // per kind: seats too many
}

const polishPasses = 30

func (d Distribution) polish(rows []Panel) {
	p := polish{kinds: d.Kinds, off: make([]float64, len(d.Kinds.Seats))}
	for k, kind := range d.Kinds.Seats {
		p.size = append(p.size, float64(kind.Size()))
		p.off[k] = -float64(len(rows)) * d.Probability[k] * p.size[k]
	}
	for _, row := range rows {
		for k, n := range row {
			p.off[k] += float64(n)
		}
	}
	for range polishPasses {
		changed := false
		for _, row := range rows {
			changed = p.row(row) || changed
		}
		if !changed {
			return
		}
	}
}

// row changes one panel as long as that helps.
func (p *polish) row(row Panel) (changed bool) {
	quotas, units := make([]int, len(p.kinds.Quotas)), make([]int, len(p.kinds.Units))
	count := func(k, by int) {
		row[k] += by
		units[p.kinds.Seats[k].Unit] += by
		for _, q := range p.kinds.Seats[k].Features {
			if q != Free {
				quotas[q] += by
			}
		}
	}
	for k, n := range row {
		row[k] = 0
		count(k, n)
	}
	for {
		out, in := p.best(row, quotas, units)
		if out < 0 {
			return changed
		}
		count(out, -1)
		count(in, 1)
		p.off[out]--
		p.off[in]++
		changed = true
	}
}

// best is the exchange that brings the sum of squares down most, or -1.
func (p *polish) best(row Panel, quotas, units []int) (out, in int) {
	out, in = -1, -1
	least := -1e-9
	for a, n := range row {
		if n == 0 || p.off[a] < 0 {
			continue
		}
		gain := (1 - 2*p.off[a]) / p.size[a]
		for b, off := range p.off {
			if off >= 0 {
				continue
			}
			if by := gain + (1+2*off)/p.size[b]; by < least && p.fits(a, b, quotas, units) {
				out, in, least = a, b, by
			}
		}
	}
	return out, in
}

func (p *polish) fits(a, b int, quotas, units []int) bool {
	from, to := p.kinds.Seats[a], p.kinds.Seats[b]
	if from.Unit != to.Unit && units[to.Unit] >= p.kinds.Units[to.Unit] {
		return false
	}
	for c, q := range from.Features {
		r := to.Features[c]
		if q == r {
			continue
		}
		if q != Free && quotas[q] <= p.kinds.Quotas[q].Min || r != Free && quotas[r] >= p.kinds.Quotas[r].Max {
			return false
		}
	}
	return true
}
