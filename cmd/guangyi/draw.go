package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"guangyi/internal/sortition"
	"guangyi/internal/sortition/drawfile"
)

type drawCommand struct {
	Categories  string   `required:"" placeholder:"FILE" help:"Quotas: a CSV or XLSX file with the columns category, feature, min, max or feature, value, min, max. Columns min_flex and max_flex are passed over."`
	Respondents string   `required:"" placeholder:"FILE" help:"People: a CSV or XLSX file with a row each and a column per category."`
	Panel       int      `required:"" placeholder:"K" help:"People on the panel."`
	Panels      int      `default:"1000" placeholder:"M" help:"Panels in the lottery, 1,000 unless given."`
	ID          string   `name:"id" placeholder:"COLUMN" help:"Column of the people's ids; without it an id is the row number from 1."`
	Household   []string `sep:"none" placeholder:"COLUMN" help:"Column that is the same for people who live together; repeatable (street and number, postcode). One of them sits at most; empty means alone."`
	Seed        *string  `placeholder:"S" help:"Public seed that picks one of the panels."`
	Derivation  string   `default:"sha256" enum:"sha256,digits" help:"How the seed names a panel: sha256, as described above, or digits: 472 is panel 472 of 1,000."`
}

// Help shows an example.
func (drawCommand) Help() string {
	return `Example: guangyi draw --categories quotas.csv --respondents people.csv --id ref --household address --panel 20 --seed 472

The seed names one of M panels, counted from 0: the first 16 hexadecimal digits of

  printf 'guangyi-draw-1 index\n1000\n0\n472' | sha256sum

(with M in place of 1000 and the seed in place of 472), taken modulo M. Were that
number not below the largest multiple of M up to 2^64, the 0 would become 1, and
so on. With --derivation digits the seed is the panel's number itself.`
}

// drawOutput is the result in the contract's words.
type drawOutput struct {
	People        int               `json:"people"`
	Panel         int               `json:"panel"`
	Feasible      bool              `json:"feasible"`
	Minimum       float64           `json:"minimum"`
	Bound         float64           `json:"bound"`
	Gap           float64           `json:"gap"`
	Probabilities []drawProbability `json:"probabilities"`
	Panels        [][]string        `json:"panels"`
	*drawSelected
}

type drawProbability struct {
	ID          string  `json:"id"`
	Probability float64 `json:"probability"`
}

type drawSelected struct {
	Seed     string   `json:"seed"`
	Index    int      `json:"selected_index"`
	Selected []string `json:"selected"`
}

type drawConflicts struct {
	Feasible  bool           `json:"feasible"`
	Conflicts []drawConflict `json:"conflicts"`
}

type drawConflict struct {
	Category   string `json:"category"`
	Feature    string `json:"feature"`
	Min        int    `json:"min"`
	Max        int    `json:"max"`
	RelaxedMin int    `json:"relaxed_min"`
	RelaxedMax int    `json:"relaxed_max"`
}

// Run prints chances, lottery and, with a seed, the panel.
func (d *drawCommand) Run(c *console) error {
	if d.Panel < 1 {
		return usageError{fmt.Sprintf("--panel %d: a panel has at least one person", d.Panel)}
	}
	source, err := d.source()
	if err != nil {
		return err
	}
	pool, warnings, err := drawfile.Read(d.Categories, d.Respondents, drawfile.Names{ID: d.ID, Household: d.Household})
	if err != nil {
		return err
	}
	for _, w := range warnings {
		fmt.Fprintf(c.Err, "guangyi: warning: %v\n", w)
	}
	pool.Panel = d.Panel
	if d.Panel > len(pool.People) {
		return errors.Join(c.conflicts(nil), fmt.Errorf("%d people cannot fill a panel of %d", len(pool.People), d.Panel))
	}
	watch, done := c.watchDraw()
	found, err := sortition.Leximin(c.ctx, pool, watch)
	done()
	var none *sortition.Infeasible
	if errors.As(err, &none) {
		return errors.Join(c.conflicts(none.Conflicts), err)
	}
	if err != nil {
		return err
	}
	return d.print(c, pool, found, source)
}

// source is the seed's, nil without one.
func (d *drawCommand) source() (*sortition.Source, error) {
	if d.Panels < 1 || d.Panels > 1_000_000 {
		return nil, usageError{fmt.Sprintf("--panels %d: a lottery has 1 to 1,000,000 panels", d.Panels)}
	}
	if d.Seed == nil || d.Derivation != string(sortition.ByDigits) {
		return nil, nil
	}
	s := &sortition.Source{Kind: sortition.SourceNumber, Digits: len(*d.Seed), Derivation: sortition.ByDigits}
	if _, err := s.Index(*d.Seed, d.Panels); err != nil {
		return nil, usageError{fmt.Sprintf("--seed %q: %v", *d.Seed, err)}
	}
	return s, nil
}

func (d *drawCommand) print(c *console, pool sortition.Pool, found sortition.Distribution, source *sortition.Source) error {
	lottery, err := found.Lottery(pool, d.Panels)
	if err != nil {
		return err
	}
	out := drawOutput{
		People: len(pool.People), Panel: pool.Panel, Feasible: true,
		Minimum: found.Minimum, Bound: found.Bound, Gap: found.Gap, Panels: lottery.Panels,
	}
	for i, chance := range found.Chances(pool) {
		out.Probabilities = append(out.Probabilities, drawProbability{ID: pool.People[i].ID, Probability: chance})
	}
	if d.Seed != nil {
		index := sortition.Index(*d.Seed, len(lottery.Panels))
		if source != nil {
			if index, err = source.Index(*d.Seed, len(lottery.Panels)); err != nil {
				return err
			}
		}
		out.drawSelected = &drawSelected{Seed: *d.Seed, Index: index, Selected: lottery.Panels[index]}
	}
	return c.json(out)
}

func (c *console) conflicts(found []sortition.Conflict) error {
	out := drawConflicts{Conflicts: []drawConflict{}}
	for _, f := range found {
		out.Conflicts = append(out.Conflicts, drawConflict(f))
	}
	return c.json(out)
}

func (c *console) json(v any) error {
	e := json.NewEncoder(c.Out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// patience is after how long a command shows on a terminal that it works.
const patience = 2 * time.Second

// watchDraw shows a bar on a terminal for a draw that takes long; the second
// function ends it.
func (c *console) watchDraw() (watch func(sortition.Progress), done func()) {
	f, ok := c.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	began := time.Now()
	watch = func(p sortition.Progress) {
		if time.Since(began) < patience {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(p.People, progressbar.OptionSetWriter(f), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		}
		bar.Describe(fmt.Sprintf("%s, level %d, people settled", p.Stage, p.Level))
		_ = bar.Set(p.Fixed) // a bar that cannot be drawn harms nothing
	}
	return watch, func() {
		if bar != nil {
			_ = bar.Finish()
		}
	}
}
