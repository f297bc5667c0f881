package i18n

import (
	"testing"
	"testing/fstest"
	"time"
)

func bundle(t *testing.T) *Bundle {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Load(fstest.MapFS{
		"l/zh-CN/a.json": {Data: []byte(`{"plain":"好","left":{"other":"还剩{{.count}}天"},"named":"{{.who}}说"}`)},
		"l/en/a.json":    {Data: []byte(`{"plain":"good","left":{"one":"{{.count}} day left","other":"{{.count}} days left"},"named":"{{.who}} said","all":"{{.count}} in all, {{ .who }}"}`)},
	}, "l", zone)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWordsPluralsAndNames(t *testing.T) {
	b := bundle(t)
	zh, en := b.Locale("zh-CN", "en"), b.Locale("en", "zh-CN")
	for _, c := range []struct{ got, want string }{
		{zh.T("plain"), "好"}, {en.T("plain"), "good"}, {zh.T("left", "count", 1), "还剩1天"},
		{en.T("left", "count", 1), "1 day left"}, {en.T("left", "count", 1200), "1,200 days left"},
		{en.T("named", "who", "<b>"), "<b> said"}, {zh.T("missing"), "[missing]"},
		{en.T("all", "who", "A", "count", 1), "1 in all, A"}, {en.T("named"), "<no value> said"}, {en.T("left", "count", int64(1)), "1 day left"},
		{zh.Number(-1234567), "-1,234,567"}, {zh.List([]string{"甲", "乙"}), "甲、乙"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAPeriodEndsAt24OfItsLastDay(t *testing.T) {
	b := bundle(t)
	zh, en := b.Locale("zh-CN", "en"), b.Locale("en", "zh-CN")
	end := time.Date(2026, 12, 23, 16, 0, 0, 0, time.UTC) // midnight in Shanghai
	if got := zh.Deadline(end); got != "2026年12月23日 24:00" {
		t.Error(got)
	}
	if got := en.Deadline(end); got != "23 December 2026, 24:00" {
		t.Error(got)
	}
	if got := zh.DateTime(end); got != "2026年12月24日 00:00" {
		t.Error(got)
	}
	if got := zh.Weekday(end); got != "星期四" {
		t.Error(got)
	}
}

func TestTheReadersLanguageWins(t *testing.T) {
	b := bundle(t)
	for asked, want := range map[string]string{
		"en": "en", "zh-TW,zh;q=0.9": "zh-CN", "fr,en;q=0.5": "en", "fr": "zh-CN", "": "zh-CN", "\x00;;q=x": "zh-CN",
	} {
		if got := b.Locale(asked, "zh-CN").Tag(); got != want {
			t.Errorf("%q gives %s, want %s", asked, got, want)
		}
	}
}

func TestAKeyThatStandsTwiceIsAnError(t *testing.T) {
	_, err := Load(fstest.MapFS{
		"l/zh-CN/a.json": {Data: []byte(`{"k":"一"}`)}, "l/zh-CN/b.json": {Data: []byte(`{"k":"二"}`)},
		"l/en/a.json": {Data: []byte(`{"k":"one"}`)},
	}, "l", time.UTC)
	if err == nil {
		t.Fatal("the same key in two files was taken")
	}
}
