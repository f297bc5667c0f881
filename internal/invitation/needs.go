package invitation

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// NeedLength bounds each written need, in characters.
const NeedLength = 200

// Needs is what somebody needs to be able to come. It tells of health, so it is
// kept sealed.
type Needs struct {
	Wheelchair bool   `json:"wheelchair,omitempty"`
	Sign       bool   `json:"sign,omitempty"` // sign language
	Hearing    bool   `json:"hearing,omitempty"`
	LargePrint bool   `json:"large_print,omitempty"`
	Companion  bool   `json:"companion,omitempty"`
	Language   string `json:"language,omitempty"` // an interpreter into it
	Diet       string `json:"diet,omitempty"`
	Travel     string `json:"travel,omitempty"`
	Other      string `json:"other,omitempty"`
}

// Counted lists the needs that are counted, in the order of the form.
var Counted = []string{"wheelchair", "sign", "hearing", "large_print", "companion"}

// Has reports a counted need by its name.
func (n Needs) Has(name string) bool {
	return map[string]bool{"wheelchair": n.Wheelchair, "sign": n.Sign, "hearing": n.Hearing, "large_print": n.LargePrint, "companion": n.Companion}[name]
}

// Written lists the names of the needs that are written, in the order of the form.
var Written = []string{"language", "diet", "travel", "other"}

// Text gives a written need by its name.
func (n Needs) Text(name string) string {
	return map[string]string{"language": n.Language, "diet": n.Diet, "travel": n.Travel, "other": n.Other}[name]
}

// None reports that nothing is needed.
func (n Needs) None() bool { return n == Needs{} }

func (n Needs) clean() (Needs, error) {
	var f fault.Fields
	for name, text := range map[string]*string{"language": &n.Language, "diet": &n.Diet, "travel": &n.Travel, "other": &n.Other} {
		*text = strings.TrimSpace(*text)
		if count := utf8.RuneCountInString(*text); count > NeedLength {
			f.Add(name, "invitation.too_long", "most", NeedLength, "count", count-NeedLength)
		}
	}
	return n, f.Err()
}

func needsPlace(meeting, application int64) string {
	return fmt.Sprintf("invitations/%d/%d/needs", meeting, application)
}

// sealNeeds gives nil for no needs: nothing is kept of who needs nothing.
func (s *Service) sealNeeds(meeting, application int64, n Needs) ([]byte, error) {
	if n.None() {
		return nil, nil
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(raw, needsPlace(meeting, application))
}

func (s *Service) needsOf(i Invitation) (n Needs, err error) {
	if len(i.SealedNeeds) == 0 {
		return n, nil
	}
	raw, err := s.keys.Unseal(i.SealedNeeds, needsPlace(i.Meeting, i.Application))
	if err != nil {
		return n, err
	}
	return n, json.Unmarshal(raw, &n)
}

// Sum is how often each counted need occurs, and what was written.
type Sum struct {
	Count   map[string]int
	Written []Note
}

// Note is one written need of one person, named by the application's label.
type Note struct{ Label, Name, Text string }

// SumOf adds up the needs of some people, by the labels of their applications.
func SumOf(labels []string, needs []Needs) Sum {
	sum := Sum{Count: map[string]int{}}
	for i, n := range needs {
		for _, name := range Counted {
			if n.Has(name) {
				sum.Count[name]++
			}
		}
		for _, name := range Written {
			if text := n.Text(name); text != "" {
				sum.Written = append(sum.Written, Note{labels[i], name, text})
			}
		}
	}
	return sum
}
