package components

import (
	"context"
	"io"
	"strings"
)

// breakBefore and breakAfter are words of official titles at which a line may
// end without splitting a word. An officer's own breaks (U+200B in the title)
// win over them.
var (
	breakBefore = []string{"（", "《", "管理办法", "管理条例", "管理规定", "管理暂行", "实施办法", "实施细则", "实施意见", "暂行办法", "暂行规定", "若干规定", "若干措施", "行动计划", "三年行动", "工作方案", "征求意见稿"}
	breakAfter  = []string{"，", "：", "、", "》", "服务", "关于", "进一步", "列举的"}
)

// Title is a title with places where a line may end.
type Title string

// Render writes the parts with an optional break between them; no space stands there.
func (t Title) Render(ctx context.Context, w io.Writer) error {
	for i, part := range titleParts(string(t)) {
		if i > 0 {
			if _, err := io.WriteString(w, "<wbr>"); err != nil {
				return err
			}
		}
		if err := renderPart(ctx, w, part); err != nil {
			return err
		}
	}
	return nil
}

func renderPart(ctx context.Context, w io.Writer, part string) error {
	if !keeps(part) {
		return Dates(part).Render(ctx, w)
	}
	if _, err := io.WriteString(w, `<span class="gy-keep">`); err != nil {
		return err
	}
	if err := Dates(part).Render(ctx, w); err != nil {
		return err
	}
	_, err := io.WriteString(w, holdClose)
	return err
}

// titleParts cuts a title where a line may end. A title that carries U+200B is
// cut there and nowhere else. Parts longer than twelve characters stay
// breakable at any character, so that no title runs out of a narrow window.
func titleParts(title string) []string {
	if strings.ContainsRune(title, '\u200b') {
		return strings.Split(title, "\u200b")
	}
	var parts []string
	start := 0
	for i := range title {
		if i > start && breaks(title, start, i) {
			parts = append(parts, title[start:i])
			start = i
		}
	}
	return append(parts, title[start:])
}

func breaks(title string, start, i int) bool {
	for _, word := range breakBefore {
		if strings.HasPrefix(title[i:], word) && !strings.HasSuffix(title[start:i], "（") {
			return true
		}
	}
	for _, word := range breakAfter {
		if strings.HasSuffix(title[start:i], word) && !strings.HasPrefix(title[i:], "（") {
			return true
		}
	}
	return false
}

// keeps reports whether a part is short enough to be held on one line.
func keeps(part string) bool {
	n := 0
	for range part {
		n++
	}
	return n <= 12
}
