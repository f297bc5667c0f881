package main

import "testing"

func TestPruningDropsOnlyWhatNoPageHas(t *testing.T) {
	for given, want := range map[string]string{
		".govuk-tag{a:b}":                                            "",
		".govuk-label--m, .govuk-label{a:b}":                         " .govuk-label{a:b}",
		".govuk-label:not(.govuk-label--m) + .govuk-hint{a:b}":       ".govuk-label:not(.govuk-label--m) + .govuk-hint{a:b}",
		"@media print{.govuk-radios--small{a:b}}":                    "",
		"@media print{.govuk-radios--small{a:b}.govuk-radios{c:d}}":  "@media print{.govuk-radios{c:d}}",
		"@supports selector(:has(a)) {html{a:b}}":                    "@supports selector(:has(a)) {html{a:b}}",
		"/* note */ .govuk-tag{a:b} .gy-tag{c:d}":                    "/* note */ .gy-tag{c:d}",
		".govuk-input--width-20{a:b}.govuk-input--width-2{c:d}":      ".govuk-input--width-20{a:b}",
		"@charset \"UTF-8\";\n.govuk-back-link--inverse{a:b}.x{c:d}": "@charset \"UTF-8\";.x{c:d}",
	} {
		if got := prune(given); got != want {
			t.Errorf("prune(%q) = %q, want %q", given, got, want)
		}
	}
}
