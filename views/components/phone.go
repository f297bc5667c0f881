package components

import "strings"

// nextPhone finds the first telephone number with an area code, such as
// 0571-1234 5678; end 0 means that there is none.
func nextPhone(s string) (start, end int) {
	for from := 0; ; {
		dash := strings.IndexByte(s[from:], '-')
		if dash < 0 {
			return 0, 0
		}
		dash += from
		from = dash + 1
		start, end = digitsBefore(s, dash), digitsAfter(s, dash+1)
		if area := dash - start; area < 3 || area > 4 || end-dash-1 < 3 {
			continue
		}
		if end < len(s) && s[end] == ' ' {
			if rest := digitsAfter(s, end+1); rest > end+1 {
				end = rest
			}
		}
		return start, end
	}
}

// nextHeld finds the first date or telephone number.
func nextHeld(s string) (start, end int) {
	start, end = nextDate(s)
	if from, to := nextPhone(s); to > 0 && (end == 0 || from < start) {
		return from, to
	}
	return start, end
}
