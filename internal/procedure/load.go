package procedure

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Profiles are the profiles that a site knows, by id.
type Profiles map[string]*Profile

// file is a profile as it is written down.
type file struct {
	ID         string   `yaml:"id"`
	Name       Words    `yaml:"name"`
	Calendar   string   `yaml:"calendar"`
	Moves      bool     `yaml:"moves"`
	Known      []string `yaml:"known"`
	UnsureFrom string   `yaml:"unsure_from"`
	ReadFirst  bool     `yaml:"read_first"`
	Rules      []Rule   `yaml:"rules"`
}

// Load reads procedures/*.yaml and the calendars they name. zone is where days
// begin and end. A rule that is incomplete, or that would refuse on a text that
// was not read whole, is an error.
func Load(files fs.FS, zone *time.Location) (Profiles, error) {
	names, err := fs.Glob(files, "procedures/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("procedure: no profiles: %v", err)
	}
	out := Profiles{}
	for _, name := range names {
		p, err := read(files, name, zone)
		if err != nil {
			return nil, fmt.Errorf("procedure: %s: %w", name, err)
		}
		out[p.ID] = p
	}
	return out, nil
}

func read(files fs.FS, name string, zone *time.Location) (*Profile, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(raw, &f, yaml.Strict()); err != nil {
		return nil, err
	}
	if f.ID+".yaml" != path.Base(name) {
		return nil, fmt.Errorf("id %q is not the file's name", f.ID)
	}
	seen := map[string]bool{}
	for _, r := range f.Rules {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("rule %q: %w", r.ID, err)
		}
		if seen[r.ID] {
			return nil, fmt.Errorf("rule %q stands twice", r.ID)
		}
		seen[r.ID] = true
	}
	c, err := readCalendar(files, f, zone)
	if err != nil {
		return nil, err
	}
	return &Profile{ID: f.ID, Name: f.Name, Rules: f.Rules, Calendar: c, ReadFirst: f.ReadFirst}, nil
}

func (r Rule) check() error {
	texts := []string{r.ID, string(r.From), string(r.To), r.Says.Zh, r.Says.En, r.Citation.Zh, r.Citation.En}
	for _, s := range texts {
		if strings.TrimSpace(s) == "" {
			return fmt.Errorf("id, events, says and citation must all be there")
		}
	}
	if len(r.Applies) == 0 {
		return fmt.Errorf("applies to nothing")
	}
	switch r.As {
	case Order:
		if r.Number != 0 {
			return fmt.Errorf("an order has no number")
		}
	case Lead, Period, Limit:
		if r.Number < 1 || (r.Unit != Days && r.Unit != WorkingDays && r.Unit != Hours) {
			return fmt.Errorf("number %d, unit %q", r.Number, r.Unit)
		}
	default:
		return fmt.Errorf("as %q", r.As)
	}
	return r.checkWeight()
}

func (r Rule) checkWeight() error {
	switch r.Kind {
	case Default:
		return nil
	case Fixed, General:
		if r.Source != Text {
			return fmt.Errorf("%s on a source that was not read whole (%s)", r.Kind, r.Source)
		}
		return nil
	}
	return fmt.Errorf("kind %q", r.Kind)
}

// IDs lists the profiles, for a choice.
func (p Profiles) IDs() []string {
	var ids []string
	for id := range p {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// notice is one year's file of a calendar.
type notice struct {
	Year int `json:"year"`
	Days []struct {
		Date     string `json:"date"`
		IsOffDay bool   `json:"isOffDay"`
	} `json:"days"`
}

func readCalendar(files fs.FS, f file, zone *time.Location) (*Calendar, error) {
	c := &Calendar{zone: zone, moves: f.Moves, named: f.Calendar != "", off: map[day]bool{}, makeUp: map[day]bool{},
		announced: map[int]bool{}, known: map[string]bool{}, unsureFrom: f.UnsureFrom}
	for _, d := range f.Known {
		c.known[d] = true
	}
	if f.Calendar == "" {
		return c, nil
	}
	names, err := fs.Glob(files, "procedures/"+f.Calendar+"/*.json")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("calendar %q: %v", f.Calendar, err)
	}
	for _, name := range names {
		if err := c.read(files, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Calendar) read(files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var n notice
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	c.announced[n.Year] = len(n.Days) > 0
	for _, d := range n.Days {
		t, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			return err
		}
		if d.IsOffDay {
			c.off[dayOf(t)] = true
		} else {
			c.makeUp[dayOf(t)] = true
		}
	}
	return nil
}
