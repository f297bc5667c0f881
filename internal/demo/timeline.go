package demo

import (
	"sort"
	"time"
)

// step is one act of somebody at its time.
type step struct {
	at   time.Time
	file string
	what string
	do   func(*filling) error
}

// How far apart officers gather and reviewers read.
const (
	gatherEvery = 7 * time.Minute
	reviewEvery = 4 * time.Minute
)

// readWithin is how soon an officer reads what is shown at once.
const readWithin = 3 * time.Hour

// timeline lists everything that happens, on all consultations, in the order of
// its time.
func (c content) timeline(now time.Time) []step {
	today := midnight(now)
	var line []step
	for _, n := range c.notices {
		line = append(line, n.steps(today)...)
	}
	for _, m := range c.calls.Meetings {
		line = append(line, m.steps(today)...)
	}
	sort.SliceStable(line, func(i, j int) bool { return line[i].at.Before(line[j].at) })
	return line
}

func (n *notice) steps(today time.Time) []step {
	var out []step
	add := func(at time.Time, what string, do func(*filling) error) {
		out = append(out, step{at, n.file, what, do})
	}
	for _, e := range n.Events {
		at := e.At.after(today)
		switch e.Do {
		case "prepare":
			add(at, e.Do, func(f *filling) error { return f.prepare(n) })
		case "suggest":
			for i, s := range n.Suggestions {
				add(at.Add(time.Duration(i)*gatherEvery), e.Do+" "+s.ID, func(f *filling) error { return f.gather(n, s) })
			}
		case "review":
			for i, s := range n.Suggestions {
				add(at.Add(time.Duration(i)*reviewEvery), e.Do+" "+s.ID, func(f *filling) error { return f.review(n, s) })
			}
		default:
			add(at, e.Do, func(f *filling) error { return f.happen(n, e) })
		}
	}
	out = append(out, n.answered(today)...)
	for _, l := range n.Submissions {
		add(l.At.after(today), "submission of "+l.Name, func(f *filling) error { return f.receive(n, l) })
		if l.Withhold != nil {
			add(l.At.after(today).Add(readWithin), "withholding of "+l.Name, func(f *filling) error { return f.withhold(n, l) })
		}
	}
	return out
}
