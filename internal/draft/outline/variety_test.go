package outline

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// drawn writes an outline as one line a row: key, kind, number, heading, text.
func drawn(o Outline) string {
	var b strings.Builder
	for _, p := range o.Provisions {
		fmt.Fprintf(&b, "%s %s [%s] {%s} %s\n", p.Key, p.Kind, p.Number, p.Heading, p.Text)
	}
	for _, l := range o.LeftOut {
		fmt.Fprintf(&b, "- %s: %s\n", l.Why, l.Text)
	}
	return b.String()
}

type variety struct {
	name   string
	format Format
	source string
	want   string
}

var chineseVarieties = []variety{
	{"paragraphs, items and subitems of an article", Text, `
第一条 为了甲，制定本法。
第二条 应当遵守下列规定：
（一）甲；
（二）乙：
1. 丙；
2. 丁。
前款规定的，有下列情形：
（一）戊；
（二）己。
第三条 本法所称的庚，是指：
辛。`, `
art-1 article [第一条] {} 为了甲，制定本法。
art-2 article [第二条] {} 应当遵守下列规定：
art-2-i1 item [（一）] {} 甲；
art-2-i2 item [（二）] {} 乙：
art-2-i2-s1 subitem [1.] {} 丙；
art-2-i2-s2 subitem [2.] {} 丁。
art-2-p2 paragraph [] {} 前款规定的，有下列情形：
art-2-p2-i1 item [（一）] {} 戊；
art-2-p2-i2 item [（二）] {} 己。
art-3 article [第三条] {} 本法所称的庚，是指：
art-3-p2 paragraph [] {} 辛。`},

	{"inserted articles and Arabic, full-width and spaced numbers", Text, `
第 一 条　甲。
第2条 乙。
第２条之一　丙。
第 3 条　丁。
第一百二十条之一　戊。
第一二一条 己。
第廿条 庚。`, `
art-1 article [第 一 条] {} 甲。
art-2 article [第2条] {} 乙。
art-2-1 article [第２条之一] {} 丙。
art-3 article [第 3 条] {} 丁。
art-120-1 article [第一百二十条之一] {} 戊。
art-121 article [第一二一条] {} 己。
art-20 article [第廿条] {} 庚。`},

	{"parts, subparts, chapters that begin again, sections", Text, `
第一编 总则
第一章 甲
第一条 一。
第二编 分则
第一分编 通则
第一章 乙
第一节 丙
第二条 二。
第二章 丁
第三条 三。
附　则
第四条 四。`, `
part-1 part [第一编] {总则} 
part-1-ch-1 chapter [第一章] {甲} 
art-1 article [第一条] {} 一。
part-2 part [第二编] {分则} 
part-2-subpart-1 subpart [第一分编] {通则} 
part-2-subpart-1-ch-1 chapter [第一章] {乙} 
part-2-subpart-1-ch-1-s-1 section [第一节] {丙} 
art-2 article [第二条] {} 二。
part-2-subpart-1-ch-2 chapter [第二章] {丁} 
art-3 article [第三条] {} 三。
h1 heading [] {附　则} 
art-4 article [第四条] {} 四。`},

	{"citations at the start of a line", Text, `
第一章 总则
第一条 违反本条例
第三条规定的，依照
第二十条第一款的规定和
第二章的规定处罚。
第二条　本条例第一条、
第三条和第四条以及
第三条　是甲。
第三条　乙。`, `
ch-1 chapter [第一章] {总则} 
art-1 article [第一条] {} 违反本条例第三条规定的，依照第二十条第一款的规定和第二章的规定处罚。
art-2 article [第二条] {} 本条例第一条、第三条和第四条以及第三条　是甲。
art-3 article [第三条] {} 乙。`},

	{"headings of articles in brackets", Text, `
第一条【立法目的】为了甲。
第二条（适用范围） 本办法适用于乙。
第三条 （职责）
丙负责。
丁配合。
第四条：戊。`, `
art-1 article [第一条] {【立法目的】} 为了甲。
art-2 article [第二条] {（适用范围）} 本办法适用于乙。
art-3 article [第三条] {（职责）} 丙负责。
art-3-p2 paragraph [] {} 丁配合。
art-4 article [第四条] {} ：戊。`},

	{"title, dates and contents are left out, the preamble is not", Markdown, `
# 中华人民共和国宪法

（1982年12月4日第五届全国人民代表大会第五次会议通过　1982年12月4日公布施行）

## 目　　录

- 序　　言
- 第一章　总　　纲
- 第二章　国家机构
  - 第一节　全国人民代表大会

## 序　　言

中国是历史悠久的国家。

## 第一章　总　　纲

**第一条**　甲。

## 第二章　国家机构

### 第一节　全国人民代表大会

#### 第二条
乙。`, `
h1 heading [] {序　　言} 
h1-t1 text [] {} 中国是历史悠久的国家。
ch-1 chapter [第一章] {总　　纲} 
art-1 article [第一条] {} 甲。
ch-2 chapter [第二章] {国家机构} 
ch-2-s-1 section [第一节] {全国人民代表大会} 
art-2 article [第二条] {} 乙。
- title: 中华人民共和国宪法
- date: （1982年12月4日第五届全国人民代表大会第五次会议通过　1982年12月4日公布施行）
- contents: 目　　录
- contents: 序　　言
- contents: 第一章　总　　纲
- contents: 第二章　国家机构
- contents: 第一节　全国人民代表大会`},

	{"contents without the word, with dots and pages", Text, `
某某条例
第一章 总则……………1
第二章 罚则　　　12
第一章 总则
第一条 甲。
第二章 罚则
第二条 乙。`, `
ch-1 chapter [第一章] {总则} 
art-1 article [第一条] {} 甲。
ch-2 chapter [第二章] {罚则} 
art-2 article [第二条] {} 乙。
- title: 某某条例
- contents: 第一章 总则……………1
- contents: 第二章 罚则　　　12`},

	{"a law on one line", Text,
		`某某条例 目录 第一章 总则 第二章 罚则 第一章 总则 第一条 甲。 乙。 第二条 下列：（一）丙；（二）丁。 第二章 罚则 第三条 违反本条例第一条规定的，罚款。`, `
title title [] {} 某某条例
toc toc [] {目录} 第一章 总则 第二章 罚则
ch-1 chapter [第一章] {总则} 
art-1 article [第一条] {} 甲。
art-1-p2 paragraph [] {} 乙。
art-2 article [第二条] {} 下列：
art-2-i1 item [（一）] {} 丙；
art-2-i2 item [（二）] {} 丁。
ch-2 chapter [第二章] {罚则} 
art-3 article [第三条] {} 违反本条例第一条规定的，罚款。`},

	{"a decision that amends quotes articles and has none", Text, `
甘肃省人民代表大会常务委员会关于修改《甘肃省气象条例》的决定
（2010年9月29日甘肃省第十一届人民代表大会常务委员会第十七次会议通过）
会议决定，对《甘肃省气象条例》作如下修改：
一、第三条修改为：“县级以上人民政府应当加强领导。”
二、增加一条，作为第四条：“第四条　气象工作：
“（一）甲；
“第五条　丙。”
本决定自公布之日起施行。`, `
t1 text [] {} 会议决定，对《甘肃省气象条例》作如下修改：
s-1 item [一、] {} 第三条修改为：“县级以上人民政府应当加强领导。”
s-2 item [二、] {} 增加一条，作为第四条：“第四条　气象工作：
s-2-p2 paragraph [] {} “（一）甲；
s-2-p3 paragraph [] {} “第五条　丙。”
t2 text [] {} 本决定自公布之日起施行。
- title: 甘肃省人民代表大会常务委员会关于修改《甘肃省气象条例》的决定
- date: （2010年9月29日甘肃省第十一届人民代表大会常务委员会第十七次会议通过）`},

	{"quoted articles whose paragraphs do not open with a mark", Text, `
会议决定，作如下修改：
一、第四条、第五条修改为：“第四条　区负责。
第五条　市负责。
第六条　省负责。”
二、删去第七条。
本决定自公布之日起施行。`, `
t1 text [] {} 会议决定，作如下修改：
s-1 item [一、] {} 第四条、第五条修改为：“第四条　区负责。
s-1-p2 paragraph [] {} 第五条　市负责。
s-1-p3 paragraph [] {} 第六条　省负责。”
s-2 item [二、] {} 删去第七条。
t2 text [] {} 本决定自公布之日起施行。`},

	{"a notice in outline form with annexes", Text, `
某省人民政府办公厅关于加强
管理工作的通知
各市人民政府：
现就有关问题通知如下：
一、总体要求
（一）指导思想
以甲为指导。
（二）原则。坚持乙。
1．丙。
（1）丁。
①戊。
②己。
2．庚。
二、主要任务
辛。

某省人民政府办公厅
2009年5月1日

附件1
甲表
第一条　壬。
附件2：乙表
第一条　癸。`, `
t1 text [] {} 各市人民政府：
t2 text [] {} 现就有关问题通知如下：
s-1 section [一、] {总体要求} 
s-1-i1 item [（一）] {指导思想} 以甲为指导。
s-1-i2 item [（二）] {} 原则。坚持乙。
s-1-i2-s1 subitem [1．] {} 丙。
s-1-i2-s1-s1 subitem [（1）] {} 丁。
s-1-i2-s1-s1-s1 subitem [①] {} 戊。
s-1-i2-s1-s1-s2 subitem [②] {} 己。
s-1-i2-s2 subitem [2．] {} 庚。
s-2 section [二、] {主要任务} 辛。
t3 text [] {} 某省人民政府办公厅
t4 text [] {} 2009年5月1日
annex-1 annex [附件1] {甲表} 
annex-1-art-1 article [第一条] {} 壬。
annex-2 annex [附件2：] {乙表} 
annex-2-art-1 article [第一条] {} 癸。
- title: 某省人民政府办公厅关于加强
- title: 管理工作的通知`},

	{"lines cut by a page, indented paragraphs", Text, `
　　第一章总则

　　第一条为了规范国务院行政机构的设置，加强编制管
理，提高行政效率，根据宪法和国务院组织法，制定本条
例。

　　第二条国务院行政机构设置和编制管理应当适应国家
政治、经济、社会发展的需要，遵循精简、统一、高效的
原则。
　　国务院机构编制管理机关负责具体工作，依照本条例
第一条规定办理
，保持稳定。`, `
ch-1 chapter [第一章] {总则} 
art-1 article [第一条] {} 为了规范国务院行政机构的设置，加强编制管理，提高行政效率，根据宪法和国务院组织法，制定本条例。
art-2 article [第二条] {} 国务院行政机构设置和编制管理应当适应国家政治、经济、社会发展的需要，遵循精简、统一、高效的原则。
art-2-p2 paragraph [] {} 国务院机构编制管理机关负责具体工作，依照本条例第一条规定办理，保持稳定。`},

	{"a list within a paragraph that was cut", Text, `
第一条　经营者应当遵守下列各项规定，不得违反：（一）
遵守法律和商业道德，公平参与市场竞争；（二）依照本
条例第三条规定报告有关情况；（三）法律规定的其他各
项义务。
第二条　经营者违反前条第（一）项、第（二）项的规定
的，由监督管理部门责令改正，并依照有关规定予以处罚。
`, `
art-1 article [第一条] {} 经营者应当遵守下列各项规定，不得违反：
art-1-i1 item [（一）] {} 遵守法律和商业道德，公平参与市场竞争；
art-1-i2 item [（二）] {} 依照本条例第三条规定报告有关情况；
art-1-i3 item [（三）] {} 法律规定的其他各项义务。
art-2 article [第二条] {} 经营者违反前条第（一）项、第（二）项的规定的，由监督管理部门责令改正，并依照有关规定予以处罚。`},

	{"numbers of pages break no paragraph", Text, `
第一条　为了规范国务院行政机构的设置，加强编制管
理，提高行政效率，根据宪法
— 1 —
和国务院组织法，制定本条例。
第 2 页 共 3 页
第二条　国务院行政机构设置和编制管理应当适应国家
政治、经济、社会发展的需要，遵循精简、统一的原则。`, `
art-1 article [第一条] {} 为了规范国务院行政机构的设置，加强编制管理，提高行政效率，根据宪法— 1 —和国务院组织法，制定本条例。第 2 页 共 3 页
art-2 article [第二条] {} 国务院行政机构设置和编制管理应当适应国家政治、经济、社会发展的需要，遵循精简、统一的原则。`},

	{"tables keep their lines and hide no articles", Markdown, `
第一条 费用如下：

| 类别 | 金额 |
|---|---|
| 第二条 | 100 |

第二条 甲。`, `
art-1 article [第一条] {} 费用如下：
art-1-t1 text [] {} | 类别 | 金额 |
|---|---|
| 第二条 | 100 |
art-2 article [第二条] {} 甲。`},

	{"HTML that a web page left behind", Text, `
<!-- 打印 -->
<p>某省方案</p>
<p><strong>一、思想</strong></p><p>坚持。</p><p>&nbsp;（一）甲；<br/>（二）乙。</p>`, `
s-1 section [一、] {思想} 坚持。
s-1-i1 item [（一）] {} 甲；
s-1-i2 item [（二）] {} 乙。
- comment: <!-- 打印 -->
- title: 某省方案`},

	{"traditional characters", Text, `
個人資料保護法
第一章　總則
第 1 條　甲。
第 19-1 條　乙：
一、丙。
二、丁。`, `
ch-1 chapter [第一章] {總則} 
art-1 article [第 1 條] {} 甲。
art-19-1 article [第 19-1 條] {} 乙：
art-19-1-i1 item [一、] {} 丙。
art-19-1-i2 item [二、] {} 丁。
- title: 個人資料保護法`},

	{"a standard with decimal numbers", Text, `
技术规范
1 范围
本规范规定了要求。
2 要求
2.1 一般要求
2.1.1 应当符合3.5万元的要求。
2.2 特殊要求
丙。`, `
sec-1 section [1] {范围} 本规范规定了要求。
sec-2 section [2] {要求} 
sec-2-1 section [2.1] {一般要求} 
sec-2-1-1 section [2.1.1] {} 应当符合3.5万元的要求。
sec-2-2 section [2.2] {特殊要求} 丙。
- title: 技术规范`},

	{"numbers that repeat", Text, `
第一章 甲
第一条 一。
第二条 二。
第二章 乙
第一条 三。
第二条 四。
第三条 五。`, `
ch-1 chapter [第一章] {甲} 
art-1 article [第一条] {} 一。
art-2 article [第二条] {} 二。
ch-2 chapter [第二章] {乙} 
ch-2-art-1 article [第一条] {} 三。
ch-2-art-2 article [第二条] {} 四。
art-3 article [第三条] {} 五。`},
}

func TestVarieties(t *testing.T) {
	for _, v := range append(append([]variety{}, chineseVarieties...), englishVarieties...) {
		t.Run(v.name, func(t *testing.T) {
			o := Parse(v.source, v.format)
			sound(t, v.source, o)
			if got := strings.TrimSpace(drawn(o)); got != strings.TrimSpace(v.want) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestRowsAreWrittenInTheWordsOfTheInterface(t *testing.T) {
	out, err := json.Marshal(Parse("第一条 甲。", Text).Provisions)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"key":"art-1","kind":"article","number":"第一条","heading":"","text":"甲。","parent":""}]`
	if string(out) != want {
		t.Errorf("got %s", out)
	}
	var b strings.Builder
	if err := WriteText(&b, Parse("某法\n第一章 总则\n第一条 甲。", Text)); err != nil {
		t.Fatal(err)
	}
	if want := "某法\n\n[ch-1] chapter  第一章 总则\n  [art-1] article  第一条 甲。\n- 1 (title) 某法\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

func TestEmptyDocumentsHaveNoRows(t *testing.T) {
	for _, s := range []string{"", "\n\n", "　\u200b", "<!-- x -->", "---\n"} {
		if o := Parse(s, Markdown); len(o.Provisions) != 0 {
			t.Errorf("%q gave %v", s, o.Provisions)
		}
	}
	if o := Parse("只有一行", Text); len(o.Provisions) != 1 || o.Provisions[0].Text != "只有一行" {
		t.Errorf("a lone line gave %v", o.Provisions)
	}
}

func TestLostSaysWhereTheDifferenceIs(t *testing.T) {
	source := "第一条 甲。\n第二条 乙。"
	o := Parse(source, Text)
	o.Provisions[1].Text = "丙。"
	if got := Lost(source, o); !strings.Contains(got, `"乙。"`) || !strings.Contains(got, `"丙。"`) {
		t.Errorf("got %q", got)
	}
	o = Parse(source, Text)
	o.Provisions = o.Provisions[:1]
	if Lost(source, o) == "" {
		t.Error("a missing row was not noticed")
	}
}
