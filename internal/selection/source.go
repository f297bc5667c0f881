package selection

import (
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/sortition"
)

// homeName names a group of people who may not sit together.
func homeName(group int) string {
	if group == 0 {
		return ""
	}
	return strconv.Itoa(group)
}

// digitsOfLotteries is how many digits the public draws in China give that are
// drawn digit by digit, so that each number is as likely as another.
var digitsOfLotteries = []struct {
	word   string
	digits int
}{{"3d", 3}, {"排列3", 3}, {"排列三", 3}, {"排列5", 5}, {"排列五", 5}, {"七星彩", 7}}

// SourceOf is the source of a seed as the record states it. A number names a
// panel by its digits where each string of so many digits names one panel;
// every other seed is hashed.
func SourceOf(m meeting.Meeting, commitments []sortition.Commitment) sortition.Source {
	src := sortition.Source{Name: m.Seed.Name, Round: m.Seed.Reference, Derivation: sortition.BySHA256, DueAt: m.Seed.KnownAt.UTC()}
	if m.ApprovedAt != nil {
		src.NamedAt = m.ApprovedAt.UTC()
	}
	switch m.Seed.Source {
	case "beacon":
		src.Kind = sortition.SourceBeacon
		return src
	case "parties":
		src.Kind, src.Commitments = sortition.SourceCommitments, commitments
		return src
	case "hand":
		src.Kind = sortition.SourceWitnessed
	default:
		src.Kind = sortition.SourceNumber
	}
	naming := digitsNaming(m.Panels)
	src.Digits = naming
	for _, l := range digitsOfLotteries {
		if strings.Contains(strings.ToLower(src.Name), l.word) {
			src.Digits = l.digits
			break
		}
	}
	if naming > 0 && src.Digits == naming {
		src.Derivation = sortition.ByDigits
	}
	return src
}

// digitsNaming is how many digits name each of so many panels once, else 0.
func digitsNaming(panels int) int {
	digits := 0
	for n := panels; n > 1; n /= 10 {
		if n%10 != 0 {
			return 0
		}
		digits++
	}
	return digits
}
