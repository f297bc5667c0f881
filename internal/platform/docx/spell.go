package docx

import (
	"strconv"
	"strings"
)

// spell writes a number in a format of ISO/IEC 29500-1, 17.18.59; an unknown one in
// digits.
func spell(n int, format string) string {
	if n < 0 || n > 99999 {
		return strconv.Itoa(n)
	}
	switch format {
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n)
	case "lowerLetter":
		return strings.ToLower(letters(n))
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "chineseCounting":
		if n > 99 {
			return digits(n, []rune("○一二三四五六七八九"))
		}
		return counted10000(n)
	case "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand":
		return counted10000(n)
	case "ideographDigital", "japaneseDigitalTenThousand":
		return digits(n, []rune("〇一二三四五六七八九"))
	case "ideographTraditional":
		return among(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return among(n, "子丑寅卯辰巳午未申酉戌亥")
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return among(n, "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
	}
	return strconv.Itoa(n)
}

func among(n int, names string) string {
	if list := []rune(names); n >= 1 && n <= len(list) {
		return string(list[n-1])
	}
	return strconv.Itoa(n)
}

func digits(n int, names []rune) string {
	var b strings.Builder
	for _, d := range strconv.Itoa(n) {
		b.WriteRune(names[d-'0'])
	}
	return b.String()
}

// counted10000 writes 0 to 99,999 as laws do: 一百零一, 二十, 十.
func counted10000(n int) string {
	if n == 0 {
		return "零"
	}
	names, units := []rune("零一二三四五六七八九"), []string{"万", "千", "百", "十", ""}
	var b strings.Builder
	zero := false
	for i, d := range []int{n / 10000, n / 1000 % 10, n / 100 % 10, n / 10 % 10, n % 10} {
		switch {
		case d == 0:
			zero = b.Len() > 0
			continue
		case zero:
			b.WriteRune('零')
		}
		zero = false
		if d != 1 || units[i] != "十" || b.Len() > 0 {
			b.WriteRune(names[d])
		}
		b.WriteString(units[i])
	}
	return b.String()
}

func letters(n int) string {
	if n < 1 || n > 26*30 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1) // AA follows Z, then BB
}

func roman(n int) string {
	if n < 1 || n > 4999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, x := range []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= x.value; n -= x.value {
			b.WriteString(x.text)
		}
	}
	return b.String()
}
