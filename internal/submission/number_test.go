package submission

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheCheckDigitIsDamms(t *testing.T) {
	if d := checkDigit("572"); d != 4 { // the example of Damm's thesis
		t.Fatalf("572 checks as %d", d)
	}
}

func TestANumberIsFoundHoweverItWasTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(2024, 2099).Draw(t, "year")
		number := Number(year, rapid.Int64Range(1, 99_999_999).Draw(t, "sequence"))
		typed := number
		if rapid.Bool().Draw(t, "bare") {
			typed = strings.ReplaceAll(typed, "-", "")
		}
		if rapid.Bool().Draw(t, "wide") {
			typed = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r - '0' + '０'
				}
				return r
			}, typed)
		}
		typed = " " + typed + "　"
		if got, ok := ReadNumber(typed); !ok || got != number {
			t.Fatalf("%q gave %q, %v; want %s", typed, got, ok, number)
		}
	})
}

func TestAWrongDigitAndASwapAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(strings.ReplaceAll(Number(2026, rapid.Int64Range(1, 9_999_999).Draw(t, "sequence")), "-", ""))
		at := rapid.IntRange(0, len(digits)-1).Draw(t, "at")
		wrong := append([]byte{}, digits...)
		if at+1 < len(digits) && rapid.Bool().Draw(t, "swap") {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		} else {
			wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if string(wrong) == string(digits) {
			return
		}
		if got, ok := ReadNumber(string(wrong)); ok {
			t.Fatalf("%s instead of %s was taken as %s", wrong, digits, got)
		}
	})
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	for _, s := range []string{"", "1", "000000000000", "26-004172", "' OR 1=1--", "26-004172-x", strings.Repeat("1", 300), "%00"} {
		if got, ok := ReadNumber(s); ok && s != "000000000000" {
			t.Errorf("%q was taken as %s", s, got)
		}
	}
}

func TestASecretIsReadAsPeopleCopyIt(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"K5BNR-Y8019", "K5BNRY8019"}, {"k5bnr y8o19", "K5BNRY8019"}, {"K5BNRY80i9", "K5BNRY8019"}, {"Ｋ5ＢＮＲ－Ｙ8019", "K5BNRY8019"}, {"", ""},
	} {
		if got := readSecret(c.typed); got != c.want {
			t.Errorf("%q is read as %q", c.typed, got)
		}
	}
}

func FuzzReadNumberAndSecret(f *testing.F) {
	f.Add("26-004172-8")
	f.Fuzz(func(t *testing.T, s string) {
		if number, ok := ReadNumber(s); ok {
			if again, ok := ReadNumber(number); !ok || again != number {
				t.Errorf("%q does not come back", number)
			}
		}
		if len(readSecret(s)) > secretLength+3 {
			t.Errorf("a secret of %d bytes", len(readSecret(s)))
		}
	})
}
