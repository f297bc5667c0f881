package main

import "guangyi/views/components"

func same(s string) components.Run    { return components.Run{Kind: components.Same, Text: s} }
func added(s string) components.Run   { return components.Run{Kind: components.Added, Text: s} }
func removed(s string) components.Run { return components.Run{Kind: components.Removed, Text: s} }

var wordRuns = []components.Run{same("姓名（包括笔名、艺名、"), added("网名、"), same("译名等）；擅自使用他人有一定影响的"), removed("企业"), same("名称。")}

var article7 = components.Provision{
	Key: "art-7", Number: "第七条", CommentHref: "#c7", Comments: 58, CommentsOn: "#p7", Why: "网络上冒用账号、应用名称和借搜索关键词“搭便车”的情形增多，现行法没有写明。", Chosen: true,
	Paragraphs: []components.Clause{
		{Text: "经营者不得实施下列混淆行为，引人误认为是他人商品或者与他人存在特定联系："},
		{Key: "art-7-1", Number: "（一）", Text: "擅自使用与他人有一定影响的商品名称、包装、装潢等相同或者近似的标识；"},
		{Key: "art-7-2", Number: "（二）", Text: "擅自使用他人有一定影响的名称（包括简称、字号等）、姓名（包括笔名、艺名、译名等）；"},
		{Text: "经营者不得帮助他人实施混淆行为。"},
	},
}

var compared7 = components.Compared{
	Key: "art-7", Number: "第七条", Badge: "修改，原第六条", OldLabel: "现行法第六条", NewLabel: "草案第七条", CommentHref: "#c7",
	Why: "网络上冒用账号、应用名称和借搜索关键词“搭便车”的情形增多，现行法没有写明。",
	Rows: [][]components.Run{
		{same("经营者不得实施下列混淆行为，引人误认为是他人商品或者与他人存在特定联系：")},
		{same("（一）擅自使用与他人有一定影响的商品名称、包装、装潢等相同或者近似的标识；")},
		{same("（二）擅自使用他人有一定影响的"), removed("企业"), same("名称（包括简称、字号等）、"), removed("社会组织名称（包括简称等）、"), same("姓名（包括笔名、艺名、译名等）；")},
		{same("（三）擅自使用他人有一定影响的域名主体部分、网站名称、网页"), added("、新媒体账号名称、应用程序名称或者图标"), same("等；")},
		{removed("（四）其他足以引人误认为是他人商品的行为。")},
		{added("经营者不得帮助他人实施混淆行为。")},
	},
}

var bars = func() []components.Bar {
	counts := []int{12, 4, 9, 8, 10, 9, 203, 60, 139, 49, 17, 23, 236, 486, 173, 21, 7, 11, 5, 14, 62, 41, 48, 22, 30, 9, 14, 22, 40, 143, 42, 18, 9, 7, 6, 5, 8, 9, 5, 4, 6}
	out := make([]components.Bar, len(counts))
	for i, n := range counts {
		out[i] = components.Bar{Label: "第" + string(rune('一'+i%3)) + "条", Count: n, Strong: n > 200}
	}
	return out
}()

var shares = []components.Share{{Code: "adopted", Count: 41}, {Code: "partly_adopted", Count: 29}, {Code: "not_adopted", Count: 57}, {Code: "already_covered", Count: 25}, {Code: "out_of_scope", Count: 12}}
