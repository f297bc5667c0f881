package assets

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// leastContrast is the smallest ratio for text, WCAG 2.2 criterion 1.4.3.
const leastContrast = 4.5

// The grounds on which an accent stands, light and dark, as in the style sheet.
const (
	lightGround, lightSurface, lightTint = "#ffffff", "#f3f6f6", "#e6f1f1"
	darkGround                           = "#12191c"
)

// ErrAccent says that an organisation's colour cannot be read or is too pale.
var ErrAccent = errors.New("assets: the colour must be #rrggbb and reach a contrast of 4.5 to 1 on white and on the light surface")

// CheckAccent refuses an accent that is not "#rrggbb" or that text in it, or
// white text on it, could not be read with (WCAG 2.2, 1.4.3).
func CheckAccent(colour string) error {
	c, err := parse(colour)
	if err != nil {
		return err
	}
	for _, ground := range []string{lightGround, lightSurface, lightTint} {
		g, _ := parse(ground)
		if contrast(c, g) < leastContrast {
			return ErrAccent
		}
	}
	return nil
}

type rgb [3]float64 // 0 to 1, sRGB

func parse(colour string) (rgb, error) {
	if len(colour) != 7 || colour[0] != '#' {
		return rgb{}, ErrAccent
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return rgb{}, ErrAccent
	}
	return rgb{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, nil
}

func (c rgb) hex() string {
	return fmt.Sprintf("#%02x%02x%02x", channel(c[0]), channel(c[1]), channel(c[2]))
}

func channel(f float64) int { return int(math.Round(math.Min(1, math.Max(0, f)) * 255)) }

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	linear := func(f float64) float64 {
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// towards mixes a share of 0 to 1 of another colour in.
func (c rgb) towards(other rgb, share float64) rgb {
	for i := range c {
		c[i] += (other[i] - c[i]) * share
	}
	return c
}

// accentSheet writes the custom properties of one accent, with a lighter one
// for the dark scheme that reaches a contrast of 7 to 1 on its ground.
func accentSheet(name, colour string) (File, bool) {
	if CheckAccent(colour) != nil {
		return File{}, false
	}
	c, _ := parse(colour)
	dark, _ := parse(darkGround)
	light := c
	for share := 0.0; share <= 1 && contrast(light, dark) < 7; share += 0.05 {
		light = c.towards(rgb{1, 1, 1}, share)
	}
	day := properties(c, c.towards(rgb{}, 0.35), c.towards(rgb{1, 1, 1}, 0.9), "#ffffff")
	night := properties(light, light.towards(rgb{1, 1, 1}, 0.45), dark.towards(light, 0.18), dark.hex())
	css := ":root{" + day + "}" +
		"@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" + night + "}}" +
		":root[data-theme=dark]{" + night + "}"
	return File{Name: name, ContentType: contentType(name), Body: []byte(css)}, true
}

func properties(accent, hover, tint rgb, on string) string {
	return "--accent:" + accent.hex() + ";--accent-hover:" + hover.hex() + ";--tint:" + tint.hex() + ";--on-accent:" + on
}
