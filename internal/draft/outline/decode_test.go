package outline

import (
	"errors"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestDecodeReadsTheEncodingsOfOffices(t *testing.T) {
	const text = "第一条　为了“规范”管理，㐂。\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	var little, big []byte
	for _, u := range utf16.Encode([]rune(text)) {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	for name, raw := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with mark": []byte("\xef\xbb\xbf" + text), "GB 18030": []byte(gb),
		"UTF-16LE": append([]byte{0xff, 0xfe}, little...), "UTF-16BE": append([]byte{0xfe, 0xff}, big...),
	} {
		got, err := Decode(raw)
		if err != nil || got != text {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if got, err := Decode(nil); got != "" || err != nil {
		t.Errorf("nothing: got %q, %v", got, err)
	}
}

func TestDecodeRefusesWhatIsNoText(t *testing.T) {
	for raw, want := range map[string]error{
		"PK\x03\x04abc": ErrBinary, "%PDF-1.7": ErrBinary, "\xd0\xcf\x11\xe0\xa1\xb1": ErrBinary, "a\x00b": ErrBinary,
		"\x81\x00": ErrBinary, "\x01\x02\x03\x04": ErrBinary, "\xff\xfea": ErrEncoding, "\xff\xfe\x00\xd8": ErrEncoding,
		"\xff\xff\xff": ErrEncoding, "\xfe\xff\x00\x00": ErrBinary,
	} {
		if got, err := Decode([]byte(raw)); !errors.Is(err, want) {
			t.Errorf("%q: got %q, %v, want %v", raw, got, err, want)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]Format{"a.md": Markdown, "A.MD": Markdown, "x.markdown": Markdown, "a.txt": Text, "a": Text, "a.md.txt": Text} {
		if got := FormatOf(name); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestNumerals(t *testing.T) {
	for s, want := range map[string]int{
		"一": 1, "十": 10, "十五": 15, "二十": 20, "一百零一": 101, "一百〇一": 101, "一○一": 101, "一百一十": 110, "一千二百六十": 1260,
		"廿三": 23, "两": 2, "12": 12, "１２": 12, "一 百 二 十": 120,
	} {
		if got, size := scanNumber(s, true); got != want || size != len(s) {
			t.Errorf("%s: got %d of %d bytes", s, got, size)
		}
	}
	for n := 1; n < 1300; n++ {
		if got, _ := scanNumber(chinese(n), false); got != n {
			t.Fatalf("%s: got %d", chinese(n), got)
		}
		if n < 400 && romanOf(roman(n)) != n {
			t.Fatalf("%s: got %d", roman(n), romanOf(roman(n)))
		}
	}
	for _, s := range []string{"", "iiii", "vx", "iC", "abc"} {
		if romanOf(s) != 0 {
			t.Errorf("%q is no Roman numeral", s)
		}
	}
}
