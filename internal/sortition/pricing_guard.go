package sortition

// guard adds the rows of unit kinds that seat more people than there are units.
// Most households never come near that, so that rows are added only for those
// that do; purge takes them away again.
func (q *pricer) guard() bool {
	added := false
	for _, unit := range q.shared {
		if q.guards[unit] > 0 {
			continue
		}
		sum := 0.0
		for _, seat := range q.seats[unit] {
			sum += q.program.x[q.column[seat]]
		}
		if sum > float64(q.kinds.Units[unit])+1e-7 {
			q.addUnit(unit)
			added = true
		}
	}
	return added
}

func (q *pricer) addUnit(unit int) {
	row := q.program.addRow(0, float64(q.kinds.Units[unit]))
	q.guards[unit] = row
	for _, seat := range q.seats[unit] {
		q.program.setEntry(row, q.column[seat], 1)
	}
}

// guardsKept is how many rows of units may come together before purge.
const guardsKept = 24

// purge takes away the rows of units that do not bind at the present basis. The
// others keep their place in it, so that it stays a basis.
func (q *pricer) purge() {
	old := q.program
	base := len(old.columns) - (old.rows - 1 - len(q.quota))
	if old.rows-1-len(q.quota) <= guardsKept || len(q.elastic) > 0 {
		return
	}
	fresh := newPricer(q.kinds)
	p := fresh.program
	copy(p.lo, old.lo[:base])
	copy(p.hi, old.hi[:base])
	copy(p.x, old.x[:base])
	copy(p.cost, old.cost[:base])
	copy(p.state, old.state[:base])
	for _, unit := range q.shared {
		if q.guards[unit] == 0 {
			continue
		}
		j := old.logical[q.guards[unit]]
		if old.state[j] == basic && old.lo[j] < old.hi[j] {
			continue
		}
		fresh.addUnit(unit)
		k := p.logical[fresh.guards[unit]]
		p.lo[k], p.hi[k], p.x[k], p.state[k] = old.lo[j], old.hi[j], old.x[j], old.state[j]
	}
	p.basis = p.basis[:0]
	for j, at := range p.state {
		if at == basic {
			p.basis = append(p.basis, j)
		}
	}
	if len(p.basis) != p.rows {
		return
	}
	p.random = old.random
	q.program, q.guards, q.primed = p, fresh.guards, false
}
