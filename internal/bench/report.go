package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
)

// window is one stretch of load: what was done in it and what it cost.
type window struct {
	done     int
	failed   int
	took     time.Duration
	p99      time.Duration
	cpu      time.Duration // program and database together
	stored   time.Duration // database alone
	foreign  float64       // share of the machine used by everything else
	largest  int           // bytes of the largest answer
	problems map[int]int   // status of what failed
}

func (w window) rate() float64 { return float64(w.done) / w.took.Seconds() }

func (w window) cost() float64 {
	if w.done == 0 {
		return 0
	}
	return float64(w.cpu.Microseconds()) / float64(w.done)
}

// quiet is the most that others may use of the machine in a window that counts.
const quiet = 0.15

func (w window) note() string {
	s := fmt.Sprintf("%.0f/s", w.rate())
	if w.p99 > 0 {
		s += ", p99 " + w.p99.Round(100*time.Microsecond).String()
	}
	s += fmt.Sprintf(", %.0f µs CPU", w.cost())
	if w.stored > 0 {
		s += fmt.Sprintf(" (PostgreSQL %.0f)", w.cost()*w.stored.Seconds()/w.cpu.Seconds())
	}
	s += fmt.Sprintf(", foreign %.0f %%", 100*w.foreign)
	if w.foreign > quiet {
		s += " (busy)"
	}
	if w.failed > 0 {
		s += fmt.Sprintf(", %d failed %v", w.failed, w.problems)
	}
	return s
}

func middle(ws []window) window {
	sorted := append([]window(nil), ws...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].rate() < sorted[j].rate() })
	return sorted[len(sorted)/2]
}

type line struct{ row, what, ours, baseline, ratio, goal string }

type report struct{ lines []line }

// add compares the medians of two series.
func (r *report) add(row, what string, ours, baseline []window, goal string) {
	a, b := middle(ours), middle(baseline)
	ratio := fmt.Sprintf("%.2f", a.rate()/b.rate())
	if a.cpu > 0 && b.cpu > 0 {
		ratio += fmt.Sprintf(" (CPU %.2f)", a.cost()/b.cost())
	}
	r.lines = append(r.lines, line{row, what, a.note(), b.note(), ratio, goal})
	fmt.Printf("row %s %s: %s | baseline %s | ratio %s | goal %s\n", row, what, a.note(), b.note(), ratio, goal)
}

var names = map[string]string{
	"1": "submission", "2": "with many comments", "3": "public page, not cached", "4": "public page, cached",
	"5": "import", "6": "grouping", "7": "export", "8": "start, memory, size", "9": "kill -9", "10": "fair selection",
	"11": "search", "12": "matching provisions",
}

// measured are the rows that this program has a measurement for.
var measured = map[string]bool{"1": true, "2": true, "3": true, "4": true, "5": true, "9": true, "10": true}

func (r *report) notMeasured(want func(string) bool) {
	for i := 1; i <= 12; i++ {
		row := fmt.Sprint(i)
		if !measured[row] || !want(row) {
			r.lines = append(r.lines, line{row: row, what: names[row], ours: "not measured"})
		}
	}
}

func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n| row | what | Guangyi | baseline | ratio | goal |\n|---|---|---|---|---|---|\n")
	for _, l := range r.lines {
		fmt.Fprintln(w, "| "+strings.Join([]string{l.row, l.what, l.ours, l.baseline, l.ratio, l.goal}, " | ")+" |")
	}
}
