// Package i18n gives the words of a page in the reader's language, and its
// dates, numbers and plurals. Catalogues are flat JSON files under
// views/locales/<tag>/<capability>.json; a key means the same in every language.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Tags lists the languages of the program; the first is the default of a new site.
var Tags = []string{"zh-CN", "en"}

// Bundle holds the catalogues of every language.
type Bundle struct{ locales map[string]*Locale }

// Locale is one language in one time zone. It is immutable and safe for concurrent use.
type Locale struct {
	tag      string
	messages map[string]message
	zone     *time.Location
}

// Load reads every catalogue below root (root/zh-CN/*.json, root/en/*.json). A
// key that stands twice within a language is an error.
func Load(files fs.FS, root string, zone *time.Location) (*Bundle, error) {
	b := &Bundle{locales: map[string]*Locale{}}
	for _, tag := range Tags {
		l, err := loadLocale(files, path.Join(root, tag), tag, zone)
		if err != nil {
			return nil, err
		}
		b.locales[tag] = l
	}
	return b, nil
}

func loadLocale(files fs.FS, dir, tag string, zone *time.Location) (*Locale, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.json"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("i18n: no catalogue in %s", dir)
	}
	l := &Locale{tag: tag, messages: map[string]message{}, zone: zone}
	c := newCompiler(tag)
	seen := map[string]string{}
	for _, name := range names {
		if err := l.add(c, files, name, seen); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *Locale) add(c *compiler, files fs.FS, name string, seen map[string]string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var messages map[string]any
	if err := json.Unmarshal(raw, &messages); err != nil {
		return fmt.Errorf("i18n: %s: %w", name, err)
	}
	for key, v := range messages {
		if before, twice := seen[key]; twice {
			return fmt.Errorf("i18n: %q stands in %s and in %s", key, before, name)
		}
		seen[key] = name
		one, other := "", ""
		switch t := v.(type) {
		case string:
			if !strings.Contains(t, "{{") { // it may be empty: a language without a sign there
				l.messages[key] = message{form{t}, form{t}}
				continue
			}
			other = t
		case map[string]any:
			one, _ = t["one"].(string)
			other, _ = t["other"].(string)
		}
		if other == "" {
			return fmt.Errorf("i18n: %s: %q is neither a text nor {one, other}", name, key)
		}
		m, err := c.compile(key, one, other)
		if err != nil {
			return fmt.Errorf("i18n: %s: %q: %w", name, key, err)
		}
		l.messages[key] = m
	}
	return nil
}

// Locale gives the language for a tag or an Accept-Language header; unknown
// ones get fallback.
func (b *Bundle) Locale(asked, fallback string) *Locale {
	if asked == "" {
		return b.locales[fallback]
	}
	if l := b.locales[asked]; l != nil {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(asked)
	if err == nil {
		for _, t := range tags {
			base, _ := t.Base()
			switch base.String() {
			case "zh":
				return b.locales["zh-CN"]
			case "en":
				return b.locales["en"]
			}
		}
	}
	return b.locales[fallback]
}

// In gives the same language with another time zone.
func (l *Locale) In(zone *time.Location) *Locale {
	c := *l
	c.zone = zone
	return &c
}

// Tag is the language's tag, as it stands in lang attributes.
func (l *Locale) Tag() string { return l.tag }

// Zone is the time zone in which instants are shown.
func (l *Locale) Zone() *time.Location { return l.zone }

// Has reports whether the catalogue holds the key.
func (l *Locale) Has(key string) bool {
	_, ok := l.messages[key]
	return ok
}

// T gives the message of a key. args are name, value pairs; "count" chooses the
// plural. A missing key shows as itself in brackets: a test keeps that from
// happening.
func (l *Locale) T(key string, args ...any) string {
	m, ok := l.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	return m.write(l, args)
}

func (l *Locale) show(v any) string {
	switch t := v.(type) {
	case string:
		return t
	case int:
		return l.Number(t)
	case int64:
		return l.Number(int(t))
	case time.Time:
		return l.DateTime(t)
	}
	return fmt.Sprint(v)
}

// Number writes a count with thousands separators.
func (l *Locale) Number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Percent writes a share of 0 to 1 with one decimal.
func (l *Locale) Percent(share float64) string { return fmt.Sprintf("%.1f%%", share*100) }

// Date writes the day of an instant in the locale's zone.
func (l *Locale) Date(t time.Time) string {
	t = t.In(l.zone)
	if l.tag == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("2006年1月2日")
}

// ShortDate leaves the year out: for lists of the current year.
func (l *Locale) ShortDate(t time.Time) string {
	t = t.In(l.zone)
	if l.tag == "en" {
		return t.Format("2 January")
	}
	return t.Format("1月2日")
}

// Time writes hour and minute.
func (l *Locale) Time(t time.Time) string { return t.In(l.zone).Format("15:04") }

// DateTime writes day, hour and minute, seconds only when they are not zero.
// With end, midnight is written as 24:00 of the day before, as periods end.
func (l *Locale) DateTime(t time.Time) string { return l.dateTime(t, false) }

// Deadline is DateTime for an end: midnight shows as 24:00 of the day that ends.
func (l *Locale) Deadline(t time.Time) string { return l.dateTime(t, true) }

func (l *Locale) dateTime(t time.Time, end bool) string {
	t = t.In(l.zone)
	clock := t.Format("15:04")
	if t.Second() != 0 {
		clock = t.Format("15:04:05")
	}
	if end && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		t, clock = t.AddDate(0, 0, -1), "24:00"
	}
	if l.tag == "en" {
		return l.Date(t) + ", " + clock
	}
	return l.Date(t) + " " + clock
}

// Weekday names the day of the week.
func (l *Locale) Weekday(t time.Time) string {
	t = t.In(l.zone)
	if l.tag == "en" {
		return t.Weekday().String()
	}
	return "星期" + string([]rune("日一二三四五六")[t.Weekday()])
}

// List joins words: 甲、乙、丙 or “a, b, c”.
func (l *Locale) List(words []string) string {
	if l.tag == "en" {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、")
}

// Keys lists the keys of the language, sorted; for the test of completeness.
func (b *Bundle) Keys(tag string) []string {
	l := b.locales[tag]
	out := make([]string, 0, len(l.messages))
	for k := range l.messages {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
