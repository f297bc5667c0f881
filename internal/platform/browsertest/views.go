package browsertest

import "os"

// EveryView is the setting with which pages are judged in both languages at both
// widths, as make soak does; pictures want all four too.
const EveryView = "GUANGYI_EVERY_VIEW"

// Views are the windows in which a page is judged: each width and each language
// once, or all four of them.
func Views() []Page {
	few := []Page{{Width: 360, Height: 800, Lang: "zh-CN"}, {Width: 1280, Height: 800, Lang: "en"}}
	if os.Getenv(EveryView) == "" && os.Getenv("GUANGYI_SCREENSHOTS") == "" {
		return few
	}
	return append(few, Page{Width: 1280, Height: 800, Lang: "zh-CN"}, Page{Width: 360, Height: 800, Lang: "en"})
}
