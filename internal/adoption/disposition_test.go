package adoption

import (
	"slices"
	"strings"
	"testing"
)

// What each disposition demands, as the table in domain.md says; "supported" may
// carry a word of thanks.
var demanded = map[Code]struct{ reason, provisions bool }{
	Adopted: {false, true}, PartlyAdopted: {true, true}, NotAdopted: {true, false}, AlreadyCovered: {true, false},
	Supported: {false, false}, Answered: {true, false}, Deferred: {true, false}, OutOfScope: {true, false},
}

func TestEachDispositionDemandsItsReasonAndProvisions(t *testing.T) {
	exists := map[string]bool{"art-1": true}
	for code, want := range demanded {
		bare := fieldsOf(Disposition{Code: code}, exists)
		if slices.Contains(bare, "reason") != want.reason || slices.Contains(bare, "provisions") != want.provisions {
			t.Errorf("%s without anything: faults %v, want reason %v provisions %v", code, bare, want.reason, want.provisions)
		}
		blank := fieldsOf(Disposition{Code: code, Reason: " \u3000\n"}, exists)
		if slices.Contains(blank, "reason") != want.reason {
			t.Errorf("%s with white space for a reason: faults %v", code, blank)
		}
		full := fieldsOf(Disposition{Code: code, Reason: "理由", Provisions: []string{"art-1"}}, exists)
		if slices.Contains(full, "provisions") == want.provisions {
			t.Errorf("%s with a provision: faults %v; only what changes the draft names one", code, full)
		}
		unknown := fieldsOf(Disposition{Code: code, Reason: "理由", Provisions: []string{"art-9"}}, exists)
		if !slices.Contains(unknown, "provisions") {
			t.Errorf("%s with a provision that is not there: accepted", code)
		}
	}
	if len(demanded) != len(Demands) {
		t.Errorf("%d dispositions in the table, %d in the domain", len(Demands), len(demanded))
	}
}

func TestAWordThatIsNoDispositionIsRefused(t *testing.T) {
	for _, word := range []Code{"", "ADOPTED", "rejected"} {
		if got := fieldsOf(Disposition{Code: word, Reason: "x"}, nil); !slices.Equal(got, []string{"disposition"}) {
			t.Errorf("%q: faults %v", word, got)
		}
	}
}

func TestALongReasonIsRefusedAndNotCut(t *testing.T) {
	d := Disposition{Code: NotAdopted, Reason: strings.Repeat("长", ReasonLimit)}
	if got := fieldsOf(d, nil); len(got) != 0 {
		t.Errorf("the longest reason: %v", got)
	}
	d.Reason += "长"
	if got := fieldsOf(d, nil); !slices.Equal(got, []string{"reason"}) {
		t.Errorf("one character more: %v", got)
	}
}

func fieldsOf(d Disposition, exists map[string]bool) []string {
	var out []string
	for _, f := range d.tidied().check(exists) {
		out = append(out, f.Name)
	}
	return out
}
