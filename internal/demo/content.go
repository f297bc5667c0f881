package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
)

//go:embed content/*.md content/*.yaml
var files embed.FS

// content is all that stands in the folder content.
type content struct {
	site    site
	notices []*notice
	calls   calls
}

// site is content/site.yaml.
type site struct {
	Organisations []struct {
		Slug, Name, Seal, Accent, Contact string
		SiteCode                          string `yaml:"site_code"`
	}
	Accounts []person
}

type person struct {
	Role         actor.Role
	Name, Email  string
	Organisation string
}

// notice is one consultation and its life. Opens, Closes and Answer are days from
// the day of filling: it opens at 0:00 and closes at 24:00, both in China.
type notice struct {
	file           string
	Organisation   string
	Draft          string
	CommentsPublic string `yaml:"comments_public"`
	Ask            string
	Background     string
	Explanation    string
	Changes        []struct{ Topic, What, On string }
	Contact        string
	Demands        []string
	DemandReason   string `yaml:"demand_reason"`
	Channels       []consultation.Channel
	Opens          *int
	Closes         *int
	Answer         *int
	PeriodReason   string `yaml:"period_reason"` // why it is shorter than usual
	Attachment     *table
	Lang           string
	Events         []happening
	Suggestions    []*suggestion
	Submissions    []*letter
	Survey         *poll

	slug string // known once it is prepared
}

// table is a file that goes with a notice, written here as CSV.
type table struct {
	Title, Name string
	Table       string
}

// happening is something that a member of staff did. Do is prepare, suggest,
// review or an event of a consultation.
type happening struct {
	At     moment
	Do     string
	Note   string
	Closes int // of an extension
}

// letter is one submission. Via is its channel, the site's form when empty.
type letter struct {
	At       moment
	Via      string
	Kind     string
	Name     string
	Email    string
	Phone    string
	Region   string
	Publish  bool
	Lang     string
	Comments []comment
	File     *table    // attached to it
	Withhold *withheld // it was shown at first

	id int64 // known once it is received
}

// withheld is why somebody decided some hours later not to show a submission.
type withheld struct{ Reason, Words string }

// comment is one point. In names the suggestion that it was gathered into, Write
// is the wording that its sender proposes.
type comment struct {
	On, In, Text, Write string
}

// suggestion is what officers made of comments. State is gathered, drafted,
// in_review, returned or agreed: how far it has come.
type suggestion struct {
	ID          string
	Text        string
	State       string
	Disposition string
	Reason      string
	Provisions  []string
	Note        string

	id int64 // known once it is gathered
}

// moment is a day counted from today and a time of that day in China: "-26 08:41".
type moment struct{ days, minutes int }

// UnmarshalText reads it.
func (m *moment) UnmarshalText(b []byte) error {
	day, at, ok := strings.Cut(string(b), " ")
	days, err := strconv.Atoi(day)
	t, err2 := time.Parse("15:04", at)
	if !ok || err != nil || err2 != nil {
		return fmt.Errorf("%q is no moment such as -26 08:41", b)
	}
	m.days, m.minutes = days, t.Hour()*60+t.Minute()
	return nil
}

func (m moment) after(today time.Time) time.Time {
	return day(today, m.days).Add(time.Duration(m.minutes) * time.Minute)
}

// china has no summer time since 1991.
var china = time.FixedZone("China", 8*60*60)

// midnight is the beginning of the day of an instant, in China.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(china).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, china)
}

func day(today time.Time, n int) time.Time { return today.AddDate(0, 0, n) }

// read reads the folder.
func read() (content, error) {
	var c content
	names, err := fs.Glob(files, "content/*.yaml")
	if err != nil {
		return c, err
	}
	for _, name := range names {
		if path.Base(name) == "site.yaml" {
			err = readFile(name, &c.site)
		} else if path.Base(name) == callsFile+".yaml" {
			err = readFile(name, &c.calls)
		} else {
			n := &notice{file: strings.TrimSuffix(path.Base(name), ".yaml")}
			err = readFile(name, n)
			c.notices = append(c.notices, n)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func readFile(name string, into any) error {
	b, err := files.ReadFile(name)
	if err == nil {
		err = yaml.UnmarshalWithOptions(b, into, yaml.Strict())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
