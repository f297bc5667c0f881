package web

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestOnlyPathsOfThisSiteAreFollowedAfterSigningIn(t *testing.T) {
	for path, want := range map[string]string{
		"/staff": "/staff", "/staff?x=1#y": "/staff?x=1#y", "": "/home", "staff": "/home", "//evil.example": "/home",
		"/\\evil.example": "/home", "https://evil.example": "/home", "/\t/evil.example": "/home", "/a\nb": "/home",
		"javascript:alert(1)": "/home", "/%zz": "/home",
	} {
		if got := LocalPath(path, "/home"); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestANullCharacterIsFoundHoweverItIsWritten(t *testing.T) {
	for body, want := range map[string]bool{
		`{"a":"b"}`: false, "{\"a\":\"\x00\"}": true, `{"a":"\u0000"}`: true, `{"a":"\\u0000"}`: false,
		`{"a":"\\\u0000"}`: true, `{"a":"\\u0000 \u0000"}`: true, `{"a":"\u0001"}`: false,
	} {
		if nul([]byte(body)) != want {
			t.Errorf("nul(%s) = %v", body, !want)
		}
	}
}

func TestDeepJSONIsRefusedAndBracketsInTextsAreNot(t *testing.T) {
	if !tooDeep([]byte(strings.Repeat("[", 100000))) {
		t.Error("100,000 open brackets were let through")
	}
	if tooDeep([]byte(`{"a":"` + strings.Repeat("[", 1000) + `\"["}`)) {
		t.Error("brackets within a text count as depth")
	}
}

func TestAnAddressIsSlowedDownForTheRestOfTheMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLimiter()
		now := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "now"), 0)
		most := rapid.IntRange(1, 50).Draw(t, "most")
		for i := range most {
			if l.take("post", "a", most, now) != 0 {
				t.Fatalf("request %d of %d had to wait", i+1, most)
			}
		}
		wait := l.take("post", "a", most, now)
		if wait <= 0 || wait > time.Minute {
			t.Fatalf("waits %v", wait)
		}
		if l.take("post", "b", most, now) != 0 {
			t.Fatal("another address had to wait")
		}
		if l.take("post", "a", most, now.Add(wait)) != 0 {
			t.Fatal("still refused after the wait")
		}
	})
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/", "//x", "/\\x", "/a?b=c", "/%2f%2fx", "/.//x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := LocalPath(path, "/home")
		if got == "" || got[0] != '/' || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00") {
			t.Fatalf("LocalPath(%q) = %q leads elsewhere", path, got)
		}
	})
}
