package moderationview

import (
	"fmt"
	"strconv"
	"strings"

	"guangyi/internal/submission"
)

// MaskValue writes a mask of a comment's text or proposed wording as a form sends it.
func MaskValue(comment int64, field string, m submission.Mask) string {
	return fmt.Sprintf("%d:%s:%d:%d:%s", comment, field, m.Start, m.End, m.Kind)
}

// ReadMask reads what MaskValue wrote; ok is false for anything else.
func ReadMask(value string) (comment int64, field string, m submission.Mask, ok bool) {
	p := strings.SplitN(value, ":", 5)
	if len(p) != 5 || p[1] != "text" && p[1] != "proposed" {
		return 0, "", m, false
	}
	comment, err1 := strconv.ParseInt(p[0], 10, 64)
	start, err2 := strconv.Atoi(p[2])
	end, err3 := strconv.Atoi(p[3])
	if err1 != nil || err2 != nil || err3 != nil {
		return 0, "", m, false
	}
	return comment, p[1], submission.Mask{Start: start, End: end, Kind: p[4]}, true
}
