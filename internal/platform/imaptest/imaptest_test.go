package imaptest_test

import (
	"testing"
	"time"

	"guangyi/internal/platform/imaptest"
)

func TestAMailServerKeepsWhatItGets(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, s *imaptest.Server) {
		at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		s.Make(t, "advice@bureau.example", "Letters")
		s.Put(t, "advice@bureau.example", "Letters", at, []byte("Subject: one\r\n\r\nwords\r\n"), []byte("Subject: two\r\n\r\nwords\r\n"))
		if all, read := s.Read(t, "advice@bureau.example", "Letters"); all != 2 || read != 0 {
			t.Errorf("%d mails, %d of them read", all, read)
		}
		s.Make(t, "advice@bureau.example", "Letters")
		if all, _ := s.Read(t, "advice@bureau.example", "Letters"); all != 0 {
			t.Errorf("%d mails in a new folder", all)
		}
	}, "advice@bureau.example")
}
