package adoption

import (
	"strings"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// Code says what became of a suggestion; the words are the contract's. The zero
// value means that nothing is decided yet.
type Code string

// The eight dispositions.
const (
	Adopted        Code = "adopted"
	PartlyAdopted  Code = "partly_adopted"
	NotAdopted     Code = "not_adopted"
	AlreadyCovered Code = "already_covered"
	Supported      Code = "supported"
	Answered       Code = "answered"
	Deferred       Code = "deferred"
	OutOfScope     Code = "out_of_scope"
)

// Need says whether a disposition takes a field.
type Need int

// None refuses the field, May leaves it open, Must demands it.
const (
	None Need = iota + 1
	May
	Must
)

// Demand is what a disposition demands.
type Demand struct {
	Code       Code
	Reason     Need // why, in words
	Provisions Need // the provisions that were changed
}

// Demands is the table of the dispositions (domain.md, section 3), in the order in
// which pages and plots show them: from most to least adopted, then the rest.
var Demands = []Demand{
	{Adopted, May, Must},
	{PartlyAdopted, Must, Must},
	{NotAdopted, Must, None},
	{AlreadyCovered, Must, None},
	{Supported, May, None},
	{Answered, Must, None},
	{Deferred, Must, None},
	{OutOfScope, Must, None},
}

// DemandOf finds the row of a disposition; false for a word that is none.
func DemandOf(code Code) (Demand, bool) {
	for _, d := range Demands {
		if d.Code == code {
			return d, true
		}
	}
	return Demand{}, false
}

// Limits in characters (code points) of what staff write.
const (
	TextLimit     = 5000
	ReasonLimit   = 10000
	NoteLimit     = 2000
	ProvisionsMax = 200 // changed provisions of one suggestion
)

// Disposition is what is decided on a suggestion.
type Disposition struct {
	Code       Code
	Reason     string
	ReasonLang string   // empty: the consultation's language
	Provisions []string // keys of the changed provisions
}

// tidied drops repeated provisions; words stay as they were typed.
func (d Disposition) tidied() Disposition {
	var keys []string
	seen := map[string]bool{}
	for _, key := range d.Provisions {
		key = strings.TrimSpace(key)
		if key != "" && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	d.Provisions = keys
	return d
}

// check tells what the disposition lacks by the table of demands. exists tells
// which provisions the draft has; the fields are disposition, reason, provisions.
func (d Disposition) check(exists map[string]bool) fault.Fields {
	var faults fault.Fields
	demand, known := DemandOf(d.Code)
	if !known {
		faults.Add("disposition", "suggestion.disposition_unknown")
		return faults
	}
	blank := strings.TrimSpace(d.Reason) == ""
	switch {
	case blank && demand.Reason == Must:
		faults.Add("reason", "suggestion.reason_required."+string(d.Code))
	case utf8.RuneCountInString(d.Reason) > ReasonLimit:
		faults.Add("reason", "suggestion.too_long", "limit", ReasonLimit)
	}
	switch {
	case len(d.Provisions) == 0 && demand.Provisions == Must:
		faults.Add("provisions", "suggestion.provisions_required")
	case len(d.Provisions) > 0 && demand.Provisions == None:
		faults.Add("provisions", "suggestion.provisions_refused")
	case len(d.Provisions) > ProvisionsMax:
		faults.Add("provisions", "suggestion.provisions_too_many", "limit", ProvisionsMax)
	default:
		for _, key := range d.Provisions {
			if !exists[key] {
				faults.Add("provisions", "suggestion.provision_unknown", "key", key)
			}
		}
	}
	return faults
}
