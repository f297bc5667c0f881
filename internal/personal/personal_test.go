package personal_test

import (
	"testing"
	"unicode/utf8"

	"guangyi/internal/personal"
)

// found writes what was found as kind:words, so that a wrong span shows in the words.
func found(text string) []string {
	runes := []rune(text)
	out := []string{}
	for _, s := range personal.Find(text) {
		out = append(out, string(s.Kind)+":"+string(runes[s.Start:s.End]))
	}
	return out
}

func TestFindsPersonalData(t *testing.T) {
	for text, want := range map[string][]string{
		// e-mail
		"请回复至wang.li+sz@example.com.cn，谢谢": {"email:wang.li+sz@example.com.cn"},
		"邮箱：ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ。":               {"email:ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ"},
		"write to a_b@mail.example.org.":   {"email:a_b@mail.example.org"},
		"me (at) example.org":              {"email:me (at) example.org"},
		"zhang [at] example.com":           {"email:zhang [at] example.com"},
		"two: a@b.cn;c@d.cn":               {"email:a@b.cn", "email:c@d.cn"},
		// mobile
		"我的电话13800138000，请回电": {"phone:13800138000"},
		"我的电话１３８００１３８０００，请回电": {"phone:１３８００１３８０００"},
		"138 0013 8000":            {"phone:138 0013 8000"},
		"138-0013-8000":            {"phone:138-0013-8000"},
		"138—0013—8000":            {"phone:138—0013—8000"},
		"+86 138 0013 8000":        {"phone:+86 138 0013 8000"},
		"0086-13800138000":         {"phone:0086-13800138000"},
		"(+86)13800138000":         {"phone:+86)13800138000"},
		"1 3 8 0 0 1 3 8 0 0 0":    {"phone:1 3 8 0 0 1 3 8 0 0 0"},
		"手机幺三八零零幺三八零零零":            {"phone:幺三八零零幺三八零零零"},
		"Tel:19912345678 or later": {"phone:19912345678"},
		"13800138000 13900139000":  {"phone:13800138000", "phone:13900139000"},
		// fixed line
		"021-63233456":            {"phone:021-63233456"},
		"（021）63233456":           {"phone:（021）63233456"},
		"0512-6523456":            {"phone:0512-6523456"},
		"010 8888 8888":           {"phone:010 8888 8888"},
		"02163233456":             {"phone:02163233456"},
		"021-63233456转8012":       {"phone:021-63233456转8012"},
		"+86-21-63233456":         {"phone:+86-21-63233456"},
		"联系电话：63233456":           {"phone:63233456"},
		"call (202) 555-0175 now": {"phone:(202) 555-0175"},
		"+44 20 7946 0958":        {"phone:+44 20 7946 0958"},
		// identity
		"身份证号11010519491231002X。":             {"identity:11010519491231002X"},
		"440524188001010014不成，太早":             {},
		"110105 19491231 002x":                {"identity:110105 19491231 002x"},
		"１１０１０５１９４９１２３１００２Ｘ":                  {"identity:１１０１０５１９４９１２３１００２Ｘ"},
		"我叫王某，320311770706001，身份证":            {},
		"身份证：320311770706001":                 {"identity:320311770706001"},
		"号码110105194912310021校验位不对":           {},
		"号码110105194913310028没有这一天":           {},
		"电话13800138000 身份证11010519491231002X": {"phone:13800138000", "identity:11010519491231002X"},
		// card
		"卡号6222 0200 0000 0000 001":  {},
		"6222021001116245702":        {"card:6222021001116245702"},
		"6222 0210 0111 6245 702 工商": {"card:6222 0210 0111 6245 702"},
		"4111 1111 1111 1111":        {"card:4111 1111 1111 1111"},
		"4111-1111-1111-1112":        {},
		"银行账号：9558800200135073266":   {"card:9558800200135073266"},
		// address
		"我住在上海市黄浦区南京西路1266号3栋502室，常年":                                   {"address:上海市黄浦区南京西路1266号3栋502室"},
		"地址：北京市海淀区中关村大街27号":                                             {"address:北京市海淀区中关村大街27号"},
		"家住阳光花园3栋2单元501室，":                                              {"address:阳光花园3栋2单元501室"},
		"江苏省昆山市周市镇东明村12组8号":                                             {"address:江苏省昆山市周市镇东明村12组8号"},
		"浦东新区世纪大道100号环球金融中心30层有噪声":                                      {"address:浦东新区世纪大道100号环球金融中心30层"},
		"人民路88弄6号1203":                                                  {"address:人民路88弄6号1203"},
		"live at 1600 Pennsylvania Avenue NW, Washington, DC 20500 and": {"address:1600 Pennsylvania Avenue NW, Washington, DC 20500"},
		"P.O. Box 123":               {"address:P.O. Box 123"},
		"12 Elm St., Apt 4B is mine": {"address:12 Elm St., Apt 4B"},
	} {
		got := found(text)
		if len(got) != len(want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: found %q, want %q", text, got[i], want[i])
			}
		}
	}
}

// What stands in every comment on a draft and is nobody's personal data.
func TestTakesNothingThatIsNotPersonal(t *testing.T) {
	for _, text := range []string{
		"第十三条第二款第（三）项与第138条不一致",
		"国办发〔2019〕38号、沪府规〔2023〕12号、财税〔2016〕36号文件",
		"中华人民共和国国务院令第713号",
		"2019年12月1日至2023年11月24日，2023-11-24，20231124，2023.11.24 18:00",
		"13800138000元，人民币13,800,138,000.00元，￥13800138000",
		"全市共有13800138000人次",
		"比率为0.13800138000，13800138000.55",
		"统一社会信用代码91310115MA1K4BQK4T",
		"案号（2021）沪0115民初12345号，京公网安备11010502030123号",
		"ISBN 978-7-5093-1234-5，ISSN 0378-5955，GB 11643-1999，ISO/IEC 7812-1",
		"拨打12345、110、119，或400-820-8820",
		"地铁1号线、318国道、G15高速、沿南京西路向东，道路2号线",
		"本市道路交通第12号公告，街道办事处3个，社区5号文件",
		"受理编号 GY-2026-000012-7，订单号202311231234567890",
		"https://example.org/item?id=13800138000&x=1",
		"sha256 4a7d1ed414474e4033ac29ccb8653d9b 1a13800138000b",
		"关注@某某 的微博，@everyone，价格@3.5",
		"In 2017 the Commission adopted 47 CFR 8.1 and 82 FR 25568; see 17-108 and paragraph 12.",
		"Docket 2014-00123, 5 U.S.C. 553(c), Section 12(b)(3), $1,234,567,890.00, 1-2-3-4",
		"一千三百八十万零一百三十八元，二〇二三年十一月二十四日",
		"经度121.473701，纬度31.230416",
		"2020 Census Way of counting",
		"",
	} {
		if got := found(text); len(got) > 0 {
			t.Errorf("%q: found %q", text, got)
		}
	}
}

func TestMasksExactlyTheSpans(t *testing.T) {
	text := "张三电话１３８ ００１３ ８０００，邮箱a@b.cn。"
	if got, want := personal.Mask(text, personal.Find(text), "***"), "张三电话***，邮箱***。"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := personal.Mask("abc", []personal.Span{{Start: 1, End: 9}, {Start: 0, End: 2}, {Start: -1, End: 1}}, "*"); got != "a*" {
		t.Errorf("%q: a span outside the text is cut, one out of order left out", got)
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"13800138000", "１３８-0013-8000 a@b.cn", "上海市南京西路1266号3栋502室", "(at)@[at", "11010519491231002X", "\u200b1\u200b3\xff", "12 Elm St"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, last := utf8.RuneCountInString(text), 0
		spans := personal.Find(text)
		for _, s := range spans {
			if s.Start < last || s.End <= s.Start || s.End > n {
				t.Fatalf("%q: span %v after %d of %d", text, s, last, n)
			}
			last = s.End
		}
		kept, at := "", 0
		runes := []rune(text)
		for _, s := range spans {
			kept += string(runes[at:s.Start]) + "\x00"
			at = s.End
		}
		if masked := personal.Mask(text, spans, "\x00"); masked != kept+string(runes[at:]) {
			t.Fatalf("%q is masked as %q", text, masked)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := "第七条建议修改为：用人单位应当自用工之日起三十日内，到上海市南京西路1266号办理登记，联系人电话13800138000。"
	for len(text) < 600 {
		text += "我认为第12条第3款规定的期限过短，企业难以执行，希望延长到60日。"
	}
	for b.Loop() {
		personal.Find(text)
	}
}
