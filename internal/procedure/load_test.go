package procedure_test

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"guangyi/internal/procedure"
)

const rule = `id: x
name: {zh: 甲, en: A}
rules:
  - id: one
    from: call_published
    to: %s
    as: %s
    number: %d
    unit: %s
    kind: %s
    applies: [hearing]
    says: {zh: 甲, en: A}
    citation: {zh: 甲, en: A}
    source: %s
`

func TestAProfileThatIsWrongIsNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"refuses on an excerpt":     fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "fixed", "excerpt"),
		"refuses on a proposal":     fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "general", "own"),
		"has no number":             fmt.Sprintf(rule, "hearing_begins", "lead", 0, "days", "fixed", "text"),
		"has an unknown unit":       fmt.Sprintf(rule, "hearing_begins", "lead", 7, "weeks", "fixed", "text"),
		"has an order with number":  fmt.Sprintf(rule, "hearing_begins", "order", 7, "days", "fixed", "text"),
		"has no event":              fmt.Sprintf(rule, `""`, "lead", 7, "days", "fixed", "text"),
		"has an unknown kind":       fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "strict", "text"),
		"has a word nobody expects": fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "fixed", "text") + "extra: 1\n",
		"has no calendar":           fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "fixed", "text") + "calendar: nowhere\n",
	} {
		files := fstest.MapFS{"procedures/x.yaml": {Data: []byte(text)}}
		if _, err := procedure.Load(files, time.UTC); err == nil {
			t.Errorf("a profile that %s was read", name)
		}
	}
	right := fmt.Sprintf(rule, "hearing_begins", "lead", 7, "days", "fixed", "text")
	if _, err := procedure.Load(fstest.MapFS{"procedures/x.yaml": {Data: []byte(right)}}, time.UTC); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestAnOrderIsStrict(t *testing.T) {
	p := profiles(t)["cn"]
	tags := []string{procedure.Major, procedure.Hearing, procedure.Selected}
	for list, broken := range map[string]bool{"2026-07-01 09:00": true, "2026-07-01 09:01": false, "2026-06-30 09:00": true} {
		found := procedure.Check(p, tags, map[procedure.Event]time.Time{
			procedure.MethodPublished: at(t, "2026-07-01 09:00"), procedure.ListPublished: at(t, list)}, nil)
		if procedure.Refused(found) != broken {
			t.Errorf("method at 09:00, list at %s: %+v", list, found)
		}
	}
}
