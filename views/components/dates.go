package components

import (
	"context"
	"io"
	"strings"
)

// Dates is a text whose Chinese dates and clock times are held together: no
// line break and no extra space inside 2026年11月23日 18:00. Telephone numbers
// with an area code are held together too.
type Dates string

const (
	holdOpen  = `<span class="gy-nowrap">`
	holdClose = `</span>`
)

// Render writes the text escaped, with the dates wrapped.
func (d Dates) Render(ctx context.Context, w io.Writer) error {
	s := string(d)
	for {
		start, end := nextHeld(s)
		if end == 0 {
			return Text(s).Render(ctx, w)
		}
		if err := Text(s[:start]).Render(ctx, w); err != nil {
			return err
		}
		if err := writeAll(w, holdOpen, s[start:end], holdClose); err != nil {
			return err
		}
		s = s[end:]
	}
}

// nextDate finds the first date; end 0 means that there is none. A date holds
// only digits, 年, 月, 日, a colon and a space, none of which needs escaping.
func nextDate(s string) (start, end int) {
	from := 0
	for {
		at := strings.Index(s[from:], "月")
		if at < 0 {
			return 0, 0
		}
		at += from
		start, end = around(s, at)
		if end > 0 {
			return start, end
		}
		from = at + len("月")
	}
}

// around widens the 月 at a place to the whole date; end 0 means that it belongs to none.
func around(s string, month int) (start, end int) {
	start = digitsBefore(s, month)
	if start == month {
		return 0, 0
	}
	if before, ok := strings.CutSuffix(s[:start], "年"); ok {
		if year := digitsBefore(before, len(before)); year < len(before) {
			start = year
		}
	}
	end = month + len("月")
	day := digitsAfter(s, end)
	if day == end || !strings.HasPrefix(s[day:], "日") {
		return start, end
	}
	end = day + len("日")
	if clock := clockAfter(s, end); clock > 0 {
		end = clock
	}
	return start, end
}

// clockAfter finds " 18:00" behind a day; 0 means that no time follows.
func clockAfter(s string, at int) int {
	hours := strings.TrimPrefix(s[at:], " ")
	from := len(s) - len(hours)
	colon := digitsAfter(s, from)
	if colon == from || colon >= len(s) || s[colon] != ':' {
		return 0
	}
	end := digitsAfter(s, colon+1)
	if end == colon+1 {
		return 0
	}
	if end < len(s) && s[end] == ':' && digitsAfter(s, end+1) > end+1 {
		return digitsAfter(s, end+1)
	}
	return end
}

func digitsBefore(s string, at int) int {
	for at > 0 && s[at-1] >= '0' && s[at-1] <= '9' {
		at--
	}
	return at
}

func digitsAfter(s string, at int) int {
	for at < len(s) && s[at] >= '0' && s[at] <= '9' {
		at++
	}
	return at
}

func writeAll(w io.Writer, parts ...string) error {
	for _, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}
