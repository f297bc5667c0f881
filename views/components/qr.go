package components

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrPath draws a QR code as one path of squares, one unit each, with the quiet zone
// of four that ISO/IEC 18004 asks for; empty when the text is too long for one.
func qrPath(text string) (path string, size int) {
	made, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0
	}
	const quiet = 4
	var b strings.Builder
	n := made.Bounds().Dx()
	for y := range n {
		for x := range n {
			if r, _, _, _ := made.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return b.String(), n + 2*quiet
}
