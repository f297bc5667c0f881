package components

import (
	"context"
	"io"
)

// icon is a drawing of 20 by 20 units in the colour of the text around it. It
// is always hidden from screen readers: the word stands beside it. The type is
// unexported, so only the drawings below can be written unescaped.
type icon string

// Render writes the drawing as it stands.
func (i icon) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(i))
	return err
}

const (
	svgOpen = `<svg class="gy-i" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">`
	ring    = `<circle cx="10" cy="10" r="8" class="gy-i-line"/>`
	disc    = `<circle cx="10" cy="10" r="9"/>`
)

// The shapes of states and dispositions: the fuller the circle, the more was adopted.
const (
	iconRing     icon = svgOpen + ring + `</svg>`
	iconDot      icon = svgOpen + ring + `<circle cx="10" cy="10" r="4.5"/></svg>`
	iconClock    icon = svgOpen + ring + `<path class="gy-i-line" d="M10 5.5V10l3 2.5"/></svg>`
	iconSquare   icon = svgOpen + `<path d="M2 2h16v16H2z"/></svg>`
	iconChecked  icon = svgOpen + disc + `<path class="gy-i-in" d="M6 10.5l2.8 2.7L14 7.5"/></svg>`
	iconCross    icon = svgOpen + `<path class="gy-i-line" d="M4 4l12 12M16 4L4 16"/></svg>`
	iconAlarm    icon = svgOpen + `<path d="M10 1.5L19.5 18H.5z"/><path class="gy-i-in" d="M10 7v5.5M10 14.5v1.5"/></svg>`
	iconHalf     icon = svgOpen + ring + `<path d="M10 2a8 8 0 0 0 0 16z"/></svg>`
	iconMinus    icon = svgOpen + ring + `<path class="gy-i-line" d="M6 10h8"/></svg>`
	iconBook     icon = svgOpen + `<path class="gy-i-line" d="M3 3h14v14H3zM6.5 7.5h7M6.5 12.5h7"/></svg>`
	iconLeave    icon = svgOpen + `<path class="gy-i-line" d="M8 4H3v13h13v-5M11.5 3H17v5.5M17 3l-7.5 7.5"/></svg>`
	iconUp       icon = svgOpen + ring + `<path class="gy-i-line" d="M10 14.5V6M6.5 9L10 5.5 13.5 9"/></svg>`
	iconBubble   icon = svgOpen + `<path class="gy-i-line" d="M2.5 3.5h15v10H9L5 17v-3.5H2.5zM6 7h8M6 10h5"/></svg>`
	iconLater    icon = svgOpen + ring + `<path class="gy-i-line" d="M6 6.5L9.5 10 6 13.5M10.5 6.5L14 10l-3.5 3.5"/></svg>`
	iconNone     icon = svgOpen + ring + `<path class="gy-i-line" d="M4.5 4.5l11 11"/></svg>`
	iconTick     icon = svgOpen + `<path class="gy-i-line" d="M3.5 10.5l4.5 4.5L16.5 6"/></svg>`
	iconPeople   icon = svgOpen + `<path class="gy-i-line" d="M1.5 17.5c0-7 11-7 11 0M7 10a3.2 3.2 0 1 0 0-6.400 3.2 3.2 0 0 0 0 6.400M14.5 11.8c2.5.5 4 2.5 4 5.7M13 3.8a3 3 0 0 1 0 5.8"/></svg>`
	iconTriangle icon = svgOpen + `<path d="M6 3l9 7-9 7z"/></svg>`
)
