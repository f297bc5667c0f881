package components

import (
	"context"
	"html"
	"io"
	"strings"
	"testing"
)

func written(t testing.TB, c interface {
	Render(context.Context, io.Writer) error
}) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Stored texts come from anybody; none may become markup.
func FuzzTextEscapesAsTheStandardLibrary(f *testing.F) {
	for _, seed := range []string{"", "普通的话", `<script>alert("1")</script>`, "a&b'c\"d<e>", "\x00\xff", "&amp;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := written(t, Text(s)), html.EscapeString(s); got != want {
			t.Errorf("Text(%q) = %q, want %q", s, got, want)
		}
	})
}

// Wrapping dates must change nothing but the wrapping.
func FuzzDatesLoseNothing(f *testing.F) {
	for _, seed := range []string{"2026年12月23日 24:00 截止", "12月5日", "月", "3月", "年月日", "1月2日 3:", "<b>1月</b>", "99月9日月9日", "1月2日 :"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := strings.NewReplacer(holdOpen, "", holdClose, "").Replace(written(t, Dates(s)))
		if want := html.EscapeString(s); got != want {
			t.Errorf("Dates(%q) = %q without its wrapping, want %q", s, got, want)
		}
	})
}

func FuzzTitleLosesNothing(f *testing.F) {
	for _, seed := range []string{"反不正当竞争法（修订草案征求意见稿）", "甲\u200b乙", "", "（", "关于进一步规范《办法》的通知"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := strings.NewReplacer(holdOpen, "", holdClose, "", `<span class="gy-keep">`, "", "<wbr>", "").Replace(written(t, Title(s)))
		if want := html.EscapeString(strings.ReplaceAll(s, "\u200b", "")); got != want {
			t.Errorf("Title(%q) = %q without its breaks, want %q", s, got, want)
		}
	})
}

func TestDatesAreHeldTogether(t *testing.T) {
	for _, c := range []struct{ text, held string }{
		{"截止到2026年12月23日 24:00。", "2026年12月23日 24:00"},
		{"12月23日 9:30 开会", "12月23日 9:30"},
		{"2026年11月24日 22:48:17 收到", "2026年11月24日 22:48:17"},
		{"12月5日前", "12月5日"},
		{"2027年3月提交", "2027年3月"},
		{"2027年1月22日前公布", "2027年1月22日"},
	} {
		if got := written(t, Dates(c.text)); !strings.Contains(got, holdOpen+c.held+holdClose) {
			t.Errorf("%s gives %s, want %s held", c.text, got, c.held)
		}
	}
	if got := written(t, Dates("每月、三月")); strings.Contains(got, holdOpen) {
		t.Errorf("no date, but something is held: %s", got)
	}
}

// A title breaks before its bracket and not inside a word.
func TestTitlesBreakAtWords(t *testing.T) {
	got := strings.Join(titleParts("云州市网络餐饮服务食品安全管理办法（征求意见稿）"), "|")
	if want := "云州市网络餐饮服务|食品安全|管理办法|（征求意见稿）"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := strings.Join(titleParts("甲乙丙\u200b丁戊管理办法"), "|"); got != "甲乙丙|丁戊管理办法" {
		t.Errorf("an officer's own breaks must win, got %s", got)
	}
}

var comment = strings.Repeat("现在很多人用网名做生意，粉丝只认网名。只写“笔名、艺名、译名” & <其他>，不好认定。", 8)

func BenchmarkText(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		_ = Text(comment).Render(context.Background(), io.Discard)
	}
}

// BenchmarkEscapedString is what an expression in braces costs, for comparison.
func BenchmarkEscapedString(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		_, _ = io.WriteString(io.Discard, html.EscapeString(comment))
	}
}
