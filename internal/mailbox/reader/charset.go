package reader

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// text gives bytes as text. The charset that the mail names is tried first; it is
// often wrong, so a text that is UTF-8 beyond doubt is read as that, and one that
// its charset cannot read is guessed.
func text(charset string, b []byte) string {
	charset = strings.ToLower(strings.Trim(charset, " \t\"'"))
	charset = strings.TrimPrefix(charset, "charset=")
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	e := named(charset)
	switch {
	case e == nil:
		return guess(b)
	case e != encoding.Nop && utf8.Valid(b) && beyondDoubt(b, e):
		return string(b)
	case e == encoding.Nop && utf8.Valid(b):
		return string(b)
	case e == encoding.Nop:
		return guess(b)
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) && !utf8.Valid(b) && better(b, out) {
		return guess(b)
	}
	return string(out)
}

// better reports whether another charset reads the bytes with fewer faults.
func better(b, out []byte) bool {
	return bytes.Count(out, []byte("\uFFFD")) > strings.Count(guess(b), "\uFFFD")
}

// named finds a charset by its name; encoding.Nop is UTF-8, nil one that nobody
// knows, or plain ASCII, under which anything is sent.
func named(name string) encoding.Encoding {
	switch name {
	case "", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "default_charset", "7bit", "8bit":
		return nil
	case "utf-8", "utf8", "unicode-1-1-utf-8":
		return encoding.Nop
	case "gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "gb18030", "gb18030-2000", "gb-18030", "euc-cn", "chinese":
		return simplifiedchinese.GB18030 // who says GB2312 sends what only GB18030 has
	case "hz-gb-2312", "hz":
		return simplifiedchinese.HZGB2312
	case "big5-hkscs", "x-x-big5", "cp950", "ms950":
		return traditionalchinese.Big5
	}
	if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(name); err == nil && e != nil {
		return e
	}
	return nil
}

// beyondDoubt reports whether valid UTF-8 was meant as that although another
// charset is named: a text of several bytes a sign that came out valid by chance
// is a few rare letters, and never a sign of East Asia.
func beyondDoubt(b []byte, e encoding.Encoding) bool {
	if e == japanese.ISO2022JP || e == simplifiedchinese.HZGB2312 {
		return false // of seven bits
	}
	_, single := e.(*charmap.Charmap)
	many := false
	for _, r := range string(b) {
		many = many || r >= utf8.RuneSelf
		if r >= 0x2E80 {
			return true
		}
	}
	return single && many
}

// guess reads bytes of an unknown charset: UTF-8 if they are, else the Chinese
// one whose frequent characters they are, else Western letters.
func guess(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if bytes.Contains(b, []byte("\x1b$B")) {
		if out, err := japanese.ISO2022JP.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	best, found := encoding.Encoding(charmap.Windows1252), 0.5
	if share := frequent(b, gbZone); share > found {
		best, found = simplifiedchinese.GB18030, share
	}
	if share := frequent(b, big5Zone); share > found {
		best = traditionalchinese.Big5
	}
	out, err := best.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// mostlyUTF8 reports a text that is UTF-8 but for a few bytes, as one cut in the
// middle of a sign.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > 10*bad
}

// gbZone and big5Zone are where each charset has its frequent characters: level 1
// of GB 2312 and of Big5, with punctuation.
func gbZone(lead, trail byte) bool {
	return trail >= 0xA1 && (lead >= 0xB0 && lead <= 0xD7 || lead >= 0xA1 && lead <= 0xA3)
}

func big5Zone(lead, trail byte) bool {
	return (trail >= 0x40 && trail <= 0x7E || trail >= 0xA1) && lead >= 0xA1 && lead <= 0xC6
}

// frequent is the share of the pairs of bytes above ASCII that lie in the zone.
func frequent(b []byte, zone func(lead, trail byte) bool) float64 {
	pairs, in := 0, 0
	for i := 0; i < len(b); i++ {
		if b[i] < 0x81 {
			continue
		}
		pairs++
		if i+1 < len(b) && zone(b[i], b[i+1]) {
			in++
		}
		i++
	}
	if pairs == 0 {
		return 0
	}
	return float64(in) / float64(pairs)
}

// tidy makes a text storable: \n for line ends, no controls but tabs, no spaces at
// the ends of lines, no more than two empty lines in a row.
func tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || r == '\uFEFF' {
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	out, empty := make([]string, 0, len(lines)), 0
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" {
			empty++
		} else {
			empty = 0
		}
		if empty <= 2 {
			out = append(out, l)
		}
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// line makes a text one line.
func line(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }
