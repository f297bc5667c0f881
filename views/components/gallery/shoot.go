package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// shoot takes a picture of each page at each width, from its top to its foot,
// and reports pages that scroll sideways.
func shoot(out string, names []string, widths []int64, height int64) error {
	browser, closeBrowser := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.NoSandbox))
	defer closeBrowser()
	ctx, cancel := context.WithTimeout(browser, 5*time.Minute)
	defer cancel()
	for _, name := range names {
		for _, width := range widths {
			if err := shot(ctx, out, name, width, height); err != nil {
				return fmt.Errorf("%s at %d: %w", name, width, err)
			}
		}
	}
	return nil
}

func shot(ctx context.Context, out, name string, width, height int64) error {
	path, err := filepath.Abs(filepath.Join(out, name))
	if err != nil {
		return err
	}
	if _, err := chromedp.Run(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		return err
	}
	if _, err := chromedp.Run(ctx, chromedp.Navigate("file://"+path+".html")); err != nil {
		return err
	}
	scroll, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
	if err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	if scroll > width {
		culprits, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](tooWide))
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s scrolls sideways at %d (%d px wide): %s\n", name, width, scroll, strings.Join(culprits, ", "))
	}
	return os.WriteFile(fmt.Sprintf("%s-%d.png", path, width), picture, 0o644)
}

// tooWide names the innermost elements that reach beyond the window.
const tooWide = `[...document.querySelectorAll("body *")]
	.filter(e => e.getBoundingClientRect().right > innerWidth + 1 && ![...e.children].some(c => c.getBoundingClientRect().right > innerWidth + 1))
	.map(e => e.tagName.toLowerCase() + "." + e.className + " in " + e.parentElement.className)`

// wanted keeps the names that were asked for; "" keeps all.
func wanted(all []string, list string) []string {
	if list == "" {
		return all
	}
	return strings.Split(list, ",")
}
