package personal

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Chinese address is found by its house: a road, lane, village or estate with a
// number right behind it (南京西路1266号, 阳光花园3栋502室). From there it is read to
// the right through building, entrance and room, and to the left through road
// name, district, city and province.

// num is a number as houses have it.
const num = `(?:[0-9]{1,5}[A-Za-z]?(?:-[0-9]{1,5})*|[一二三四五六七八九十百零〇]{1,5}|[甲乙丙丁][0-9]{1,4}|[A-Za-z][0-9]{0,3})`

// house is what stands behind a road, a lane or a village; estate behind the name
// of a housing estate, where a bare 12号 may mean much else; room goes on from either.
var (
	house  = regexp.MustCompile(`^` + num + `(?:号院|号楼|号|弄|巷|栋|幢)`)
	hamlet = regexp.MustCompile(`^` + num + `(?:村民小组|小组|组|队|社|屯|号楼|号|栋|幢)`)
	estate = regexp.MustCompile(`^(?:[一二三四五六七八九十东西南北]{1,2}(?:期|区|里|村))?` + num + `(?:号楼|栋|幢|座|单元|号)`)
	room   = regexp.MustCompile(`^[, ]?(?:` + num + `|[东西南北])(?:号院|号楼|号|支弄|弄|栋|幢|座|单元|层|楼|室|户|房|门)`)
	bare   = regexp.MustCompile(`^[- ]?[0-9]{3,4}(?:-[0-9]{1,4})?`)
)

// roads, hamlets and estates are what a house number may stand behind.
var (
	roads   = []string{"大道", "大街", "胡同", "街坊", "路", "街", "巷", "弄", "里", "坊"}
	hamlets = []string{"村", "屯", "庄", "寨", "社区", "组", "队"}
	estates = []string{"小区", "新村", "花园", "公寓", "家园", "花苑", "嘉园", "名苑", "苑", "大厦", "广场", "新城", "公馆", "雅居", "山庄", "佳苑", "里弄"}
)

// notHouse is what makes 12号 behind a road something else: a line, a document.
var notHouse = []string{"线", "文", "令", "公告", "通知", "提案", "议案", "标段", "地块", "台风", "出口", "口", "高速", "桥", "修改", "意见", "建议", "规定"}

func (t reading) chineseAddresses() []Span {
	var out []Span
	last := 0
	for i := 1; i < len(t.runes); i++ {
		if i < last || !houseNumber(t.runes[i]) || !han(t.runes[i-1]) && t.runes[i-1] != ' ' {
			continue
		}
		at := i
		if t.runes[i-1] == ' ' {
			at--
		}
		core, word := t.core(at, i)
		if core == 0 {
			continue
		}
		end := t.rooms(core)
		start := t.addressStart(at-word, max(last, at-word-40))
		if start < 0 {
			continue
		}
		out = append(out, Span{start, end, Address})
		last = end
	}
	return out
}

func houseNumber(r rune) bool {
	switch r {
	case '十', '百', '甲', '乙', '丙', '丁':
		return true
	}
	return digit(r) || r >= 'A' && r <= 'Z' || numeral(r) > 0
}

// core tells where the house ends whose number begins at i, behind a word that ends
// at at, and how long that word is; 0 when there is none.
func (t reading) core(at, i int) (end, word int) {
	before := string(t.runes[max(0, at-4):at])
	rest := string(t.runes[i:min(len(t.runes), i+24)])
	for _, try := range []struct {
		words []string
		form  *regexp.Regexp
	}{{estates, estate}, {roads, house}, {hamlets, hamlet}} {
		for _, w := range try.words {
			if !strings.HasSuffix(before, w) {
				continue
			}
			m := try.form.FindString(rest)
			if m == "" || otherwise(rest[len(m):]) {
				continue
			}
			return i + utf8.RuneCountInString(m), utf8.RuneCountInString(w)
		}
	}
	return 0, 0
}

func otherwise(after string) bool {
	return slices.ContainsFunc(notHouse, func(w string) bool { return strings.HasPrefix(after, w) })
}

// rooms goes on through building, entrance, floor and room.
func (t reading) rooms(end int) int {
	for {
		rest := string(t.runes[end:min(len(t.runes), end+20)])
		if m := room.FindString(rest); m != "" && !otherwise(rest[len(m):]) {
			end += utf8.RuneCountInString(m)
			continue
		}
		if n := t.named(end); n > end {
			end = n
			continue
		}
		if m := bare.FindString(rest); m != "" && !digit(t.at(end+len(m))) && !strings.ContainsRune("年元万亿人", t.at(end+len(m))) {
			end += len(m)
		}
		return end
	}
}

// named goes on through a building's name when a floor or room follows it:
// 世纪大道100号环球金融中心30层.
func (t reading) named(end int) int {
	i := end
	for i < len(t.runes) && i-end < 12 && han(t.runes[i]) && numeral(t.runes[i]) < 0 && t.runes[i] != '第' && !stops(t.runes[i]) {
		i++
	}
	if i == end || !houseNumber(t.at(i)) {
		return end
	}
	if m := room.FindString(string(t.runes[i:min(len(t.runes), i+12)])); m != "" && !strings.HasSuffix(m, "号") {
		return i + utf8.RuneCountInString(m)
	}
	return end
}

// units end the name of a place in an address.
var units = []string{"自治区", "自治州", "街道", "开发区", "新区", "地区", "林区", "省", "市", "州", "盟", "区", "县", "旗", "镇", "乡"}

// provinces begin an address also without 省 or 市.
var provinces = []string{"北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
	"湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门"}

// stops are characters that hardly stand in the name of a place, and end it.
func stops(r rune) bool {
	return strings.ContainsRune("的了是在于对和与把将从向由及到至为我你您他她它们住请该此这那被让给按以", r)
}

// longestRoad is the longest name of a road or village without its district, in characters.
const longestRoad = 6

// addressStart goes left from the word at end (a road or the like) and tells where
// the address begins, -1 when no name stands there.
func (t reading) addressStart(end, floor int) int {
	i := end
	for i > floor && (han(t.runes[i-1]) || digit(t.runes[i-1]) || letter(t.runes[i-1]) || t.runes[i-1] == ' ' && i > floor+1 && t.unitEnds(i-1)) {
		if stops(t.runes[i-1]) {
			break
		}
		i--
	}
	for i < end && !han(t.runes[i]) {
		i++
	}
	if i >= end {
		return -1
	}
	run := string(t.runes[i:end])
	if at := firstProvince(run); at >= 0 {
		return i + utf8.RuneCountInString(run[:at])
	}
	for _, cue := range []string{"通讯地址", "联系地址", "家庭住址", "详细地址", "收件地址", "地址", "住址", "地点", "位于", "坐落", "家住", "寄往", "邮寄"} {
		if at := strings.LastIndex(run, cue); at >= 0 {
			i += utf8.RuneCountInString(run[:at+len(cue)])
			run = run[at+len(cue):]
		}
	}
	n := utf8.RuneCountInString(run)
	if n == 0 {
		return -1
	}
	if first := firstUnit(run); first > 0 {
		return max(i, i+first-4)
	}
	return max(i, end-longestRoad)
}

// unitEnds reports whether the name of a province, city or district ends at i.
func (t reading) unitEnds(i int) bool {
	before := string(t.runes[max(0, i-3):i])
	return slices.ContainsFunc(units, func(u string) bool { return strings.HasSuffix(before, u) })
}

func firstProvince(run string) int {
	best := -1
	for _, p := range provinces {
		if at := strings.Index(run, p); at >= 0 && (best < 0 || at < best) && !roadName(run[at+len(p):]) {
			best = at
		}
	}
	return best
}

// roadName reports that what stood before is the road's own name: 南京路, 上海大道.
func roadName(after string) bool {
	return after == "" || slices.Contains([]string{"东", "西", "南", "北", "中"}, after)
}

// firstUnit is how many characters stand before the end of the name of the first
// place; 0 when there is none.
func firstUnit(run string) int {
	best := 0
	for _, u := range units {
		at := strings.Index(run, u)
		if at <= 0 {
			continue
		}
		if n := utf8.RuneCountInString(run[:at]); n >= 2 && (best == 0 || n < best) {
			best = n
		}
	}
	return best
}

// english is a house number, a name in capitals, and a kind of road; with unit,
// town, state and code where they follow. A post-office box too.
var english = regexp.MustCompile(`\b[0-9]{1,6}[A-Za-z]?,? (?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?(?:(?:[A-Z][A-Za-z'’]*\.?|[0-9]{1,3}(?:st|nd|rd|th)) ){1,4}` +
	`(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Ter|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Crescent|Close|Way)\b\.?` +
	`(?: (?:N|S|E|W|NE|NW|SE|SW)\b\.?)?(?:,? (?:#|Apt\.?|Apartment|Suite|Ste\.?|Unit|Room|Rm\.?|Floor|Flat) ?[A-Za-z0-9-]{1,6})?` +
	`(?:,? (?:[A-Z][A-Za-z.]+ ?){1,3})?(?:,? ?[A-Z]{2},? [0-9]{5}(?:-[0-9]{4})?)?|\bP\.? ?O\.? Box [0-9]{1,6}`)

// A road's kind that is as often another word (2020 Census Way of counting) counts
// only where no year stands before it and no sentence goes on behind.
var (
	notRoad   = regexp.MustCompile(`(?:Way|Close|Place|Pl|Square|Circle|Court|Ct|Drive|Dr|St)$`)
	year      = regexp.MustCompile(`^(?:19|20)[0-9]{2} `)
	lowerNext = regexp.MustCompile(`^ [a-z]`)
)

// englishAddresses reads with offsets in bytes and gives them in characters.
func (t reading) englishAddresses() []Span {
	if !t.capitalsAfterNumber() {
		return nil
	}
	text := string(t.runes)
	var out []Span
	for _, m := range english.FindAllStringIndex(text, -1) {
		found := strings.TrimRight(text[m[0]:m[1]], " ,")
		if notRoad.MatchString(found) && (year.MatchString(found) || lowerNext.MatchString(text[m[0]+len(found):])) {
			continue
		}
		start := utf8.RuneCountInString(text[:m[0]])
		out = append(out, Span{start, start + utf8.RuneCountInString(found), Address})
	}
	return out
}

// capitalsAfterNumber spares the expression the texts that cannot hold an address.
func (t reading) capitalsAfterNumber() bool {
	for i, r := range t.runes {
		if digit(r) && (t.at(i+1) == ' ' && letter(t.at(i+2)) || t.at(i+1) == ',' && t.at(i+2) == ' ') {
			return true
		}
		if r == 'B' && t.at(i+1) == 'o' && t.at(i+2) == 'x' && t.at(i+3) == ' ' {
			return true
		}
	}
	return false
}
