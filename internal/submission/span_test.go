package submission

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// text draws a text of signs that are cut wrongly by bytes or by UTF-16 units.
func text(t *rapid.T) string {
	return rapid.StringOfN(rapid.SampledFrom([]rune("意见。！ \n　aé🀄”；\u200b")), 1, 60, -1).Draw(t, "text")
}

func TestSpansThatAreAcceptedAreTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := text(t)
		n := int64(len([]rune(words)))
		var spans []Span
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			spans = append(spans, Span{Start: rapid.Int64Range(-1, n+1).Draw(t, "start"), End: rapid.Int64Range(-1, n+1).Draw(t, "end")})
		}
		if len(cover(words, spans)) > 0 {
			return
		}
		var b strings.Builder
		for _, s := range spans {
			b.WriteString(cut(words, s))
		}
		if b.String() != words || len(spans) < 2 {
			t.Fatalf("%v of %q give %q", spans, words, b.String())
		}
	})
}

func TestEveryPartitionIntoVisiblePiecesIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return "字" + text(t) }), 2, 8).Draw(t, "pieces")
		var spans []Span
		at := int64(0)
		for _, p := range pieces {
			spans = append(spans, Span{Start: at, End: at + Length(p)})
			at += Length(p)
		}
		if f := cover(strings.Join(pieces, ""), spans); len(f) > 0 {
			t.Fatalf("%v of %q: %v", spans, pieces, f)
		}
	})
}

func TestAGapOfWhiteSpaceIsAGap(t *testing.T) {
	for name, spans := range map[string][]Span{
		"gap":       {{Start: 0, End: 2}, {Start: 3, End: 5}},
		"overlap":   {{Start: 0, End: 3}, {Start: 2, End: 5}},
		"late":      {{Start: 1, End: 3}, {Start: 3, End: 5}},
		"short":     {{Start: 0, End: 2}, {Start: 2, End: 4}},
		"long":      {{Start: 0, End: 2}, {Start: 2, End: 6}},
		"backwards": {{Start: 0, End: 5}, {Start: 5, End: 0}},
		"one":       {{Start: 0, End: 5}},
		"none":      nil,
		"blank":     {{Start: 0, End: 2}, {Start: 2, End: 3}, {Start: 3, End: 5}},
	} {
		if f := cover("一二 三四", spans); len(f) == 0 {
			t.Errorf("%s: %v was accepted", name, spans)
		}
	}
}

func TestSentencesCoverTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := text(t)
		pieces := Sentences(words)
		if len(pieces) < 2 {
			return
		}
		if f := cover(words, pieces); len(f) > 0 {
			t.Fatalf("%v of %q: %v", pieces, words, f)
		}
	})
}

func TestSentencesEndBehindTheirQuotes(t *testing.T) {
	var got []string
	const words = "他说“不行。”我问：为什么？！\n第二行; end"
	for _, s := range Sentences(words) {
		got = append(got, cut(words, s))
	}
	want := []string{"他说“不行。”", "我问：为什么？！\n", "第二行; ", "end"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q", got)
	}
}
