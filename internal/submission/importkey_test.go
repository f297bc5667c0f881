package submission

import (
	"strconv"
	"testing"
)

// FuzzQuote: the short way gives the bytes of the long one, or rows of a file that
// was taken in before would be taken for new ones.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "a b", "摊位费，减半。", "“引号”《办法》！？：；～", "a\"b\\c", "\n", "\u3000", "\x7f", "\xff\xe4\xb8", "𠮷", "\u200b", "\ufeff", "龥龦鿿"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := string(quote([]byte("x"), s)); got != "x"+strconv.Quote(s) {
			t.Errorf("%q is quoted as %s", s, got)
		}
	})
}

// TestUsualCharactersAreLeftAlone goes through every character that is passed over.
func TestUsualCharactersAreLeftAlone(t *testing.T) {
	for r := range rune(0x10000) {
		if s := string(r); usual(s) && strconv.Quote(s) != `"`+s+`"` {
			t.Errorf("%U is not left alone by a quotation", r)
		}
	}
}
