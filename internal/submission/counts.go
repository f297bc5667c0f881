package submission

import (
	"cmp"
	"maps"
	"slices"
)

// counts adds up by how much a batch moves the counters; each of them is then
// moved once, in a fixed order.
type counts struct {
	letters   map[int64][3]int64 // submissions, comments and held submissions of a consultation
	channels  map[under]int64
	provision map[under][2]int64 // comments, and how many of them are public
}

// under is a channel or a provision of a consultation.
type under struct {
	consultation int64
	name         string
}

func (c *counts) add(r *row) {
	if c.letters == nil {
		c.letters, c.channels, c.provision = map[int64][3]int64{}, map[under]int64{}, map[under][2]int64{}
	}
	l := c.letters[r.consultation]
	held := int64(0)
	if r.held != "" {
		held = 1
	}
	c.letters[r.consultation] = [3]int64{l[0] + 1, l[1] + int64(len(r.comments)), l[2] + held}
	c.channels[under{r.consultation, r.channel}]++
	for _, one := range r.comments {
		at := under{r.consultation, one.Provision}
		p := c.provision[at]
		p[0]++
		if r.public {
			p[1]++
		}
		c.provision[at] = p
	}
}

func (c *counts) write(do run) error {
	for _, id := range slices.Sorted(maps.Keys(c.letters)) {
		if _, err := do(liteCounters, c.letters[id][0], c.letters[id][1], c.letters[id][2], id); err != nil {
			return err
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.channels), under.compare) {
		if _, err := do(liteChannel, at.consultation, at.name, c.channels[at]); err != nil {
			return err
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.provision), under.compare) {
		if _, err := do(liteProvision, at.consultation, at.name, c.provision[at][0], c.provision[at][1]); err != nil {
			return err
		}
	}
	return nil
}

func (u under) compare(v under) int {
	return cmp.Or(cmp.Compare(u.consultation, v.consultation), cmp.Compare(u.name, v.name))
}
