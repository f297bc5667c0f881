package organisation

import (
	"math"
	"regexp"
	"strconv"
)

// grounds are what an accent stands on or carries: the page, the surface and
// the white text of a button.
var grounds = []string{"#ffffff", "#f3f6f6"}

// leastContrast is WCAG 2.2, success criterion 1.4.3, for text of any size.
const leastContrast = 4.5

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// CheckAccent reports whether a colour, #rrggbb in lower case, can be read on
// every ground that it meets and under the white text of a button.
func CheckAccent(colour string) bool {
	if !hexColour.MatchString(colour) {
		return false
	}
	for _, ground := range grounds {
		if contrast(colour, ground) < leastContrast {
			return false
		}
	}
	return true
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2 for #rrggbb.
func luminance(colour string) float64 {
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, w := range weights {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // checked by hexColour
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += w * c
	}
	return sum
}
