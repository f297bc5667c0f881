package register

import "testing"

// Other languages' JSON writers must come to the same bytes, or nobody could check
// a leaf by hand.
func TestCanonicalJSONEscapesOnlyWhatJSONDemands(t *testing.T) {
	got := string(Canonical([]string{"<a href=\"x\">&</a>", "line\u2028paragraph\u2029", `typed \u2028 and \\u2029`, "\x01\b\f\n\r\t\x7f", "第七条😀"}))
	want := `["<a href=\"x\">&</a>","line` + "\u2028paragraph\u2029" + `","typed \\u2028 and \\\\u2029","\u0001\b\f\n\r\t` + "\x7f" + `","第七条😀"]`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
