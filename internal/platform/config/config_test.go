package config

import (
	"errors"
	"strings"
	"testing"
)

func usual() Settings {
	return Settings{Listen: "127.0.0.1:8080", Data: "./data", Challenge: "on", RateLimit: "on", PageCache: "on", Language: "zh-CN", TimeZone: "Asia/Shanghai"}
}

func TestAWrongSettingIsNamedWithItsFaultAndAnExample(t *testing.T) {
	for name, change := range map[string]func(*Settings){
		"GUANGYI_LISTEN":     func(s *Settings) { s.Listen = "8080" },
		"GUANGYI_BASE_URL":   func(s *Settings) { s.BaseURL = "yijian.example" },
		"DATABASE_URL":       func(s *Settings) { s.Database = "mysql://x" },
		"GUANGYI_PAGE_CACHE": func(s *Settings) { s.PageCache = "maybe" },
		"GUANGYI_LANG":       func(s *Settings) { s.Language = "fr" },
		"GUANGYI_TIMEZONE":   func(s *Settings) { s.TimeZone = "Asia/Nowhere" },
		"GUANGYI_CLOCK":      func(s *Settings) { s.ClockAt = "tomorrow" },
		"GUANGYI_SMTP_URL":   func(s *Settings) { s.SMTP = "mail.example" },
		"GUANGYI_SMS_URL":    func(s *Settings) { s.SMS = "http://sms.example.gov/messages" },
		"GUANGYI_CLAMD_URL":  func(s *Settings) { s.Clamd = "127.0.0.1:3310" },
		"GUANGYI_BLOB_URL":   func(s *Settings) { s.Blob = "s3://bucket" },
	} {
		s := usual()
		change(&s)
		err := s.Validate()
		var f *Fault
		if !errors.As(err, &f) || f.Name != name || f.Wrong == "" || f.Example == "" || !strings.Contains(err.Error(), f.Example) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheAddressFollowsFromListen(t *testing.T) {
	s := usual()
	if err := s.Validate(); err != nil || s.BaseURL != "http://127.0.0.1:8080" || s.Secure() {
		t.Fatalf("%+v %v", s, err)
	}
	if !strings.HasSuffix(s.DatabaseTarget(), "guangyi.db") {
		t.Fatal(s.DatabaseTarget())
	}
}

func TestAttachmentsLieInTheDataFolderOrWhereTheSettingSays(t *testing.T) {
	s := usual()
	if got := s.Attachments(); got != "data/attachments" {
		t.Errorf("by default in %s", got)
	}
	s.Blob = "file:///srv/shared/attachments"
	if got := s.Attachments(); got != "/srv/shared/attachments" {
		t.Errorf("by the setting in %s", got)
	}
}
