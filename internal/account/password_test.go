package account_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database/databasetest"
)

func TestWeakPasswordsAreRefused(t *testing.T) {
	s := newSite(t, databasetest.SQLite(t), clock.At(noon))
	for typed, code := range map[string]string{
		"elf chars 1":                  "account.password_short",
		strings.Repeat("a b c d ", 17): "account.password_long",
		"password1234":                 "account.password_common",
		"Password2026!":                "account.password_common",
		"PASSWORDpassword":             "account.password_common",
		"Qwertyuiop123":                "account.password_common",
		"123456789012":                 "account.password_common",
		"210987654321":                 "account.password_common",
		"abcdefghijklm":                "account.password_common",
		"aaaaaaaaaaaaaaa":              "account.password_common",
		"abababababababab":             "account.password_common",
		"zhangsan@own.example":         "account.password_common",
		"zhangsan2026":                 "account.password_common",
		"woaiwojia2026":                "account.password_common",
		"ｐａｓｓｗｏｒｄ１２３４":                 "account.password_common",
	} {
		_, err := s.Add(ctx, actor.Console(), account.Details{
			Email: "zhangsan@own.example", Name: "张三", Role: actor.Officer, Organisation: s.own.ID, Password: typed,
		})
		s.wantCode(typed, err, code)
	}
	for i, typed := range []string{"correct horse 3f9a", "我家门前有一条小河流过石桥", "  spaces count too  ", "twelve-chars"} {
		_, err := s.Add(ctx, actor.Console(), account.Details{
			Email: strings.Repeat("x", i+1) + "@own.example", Role: actor.Officer, Organisation: s.own.ID, Password: typed,
		})
		if err != nil {
			t.Errorf("%q is refused: %v", typed, err)
		}
	}
}

func TestNamesAreTextAndNothingElse(t *testing.T) {
	s := newSite(t, databasetest.SQLite(t), clock.At(noon))
	for name, code := range map[string]string{
		strings.Repeat("长", account.NameLength+1): "account.name_long",
		"a\u202eb": "account.name_control",
		"a\nb":     "account.name_control",
	} {
		_, err := s.Add(ctx, actor.Console(), account.Details{Email: "n@own.example", Name: name, Role: actor.Officer, Organisation: s.own.ID})
		s.wantCode(name, err, code)
	}
	a, err := s.Add(ctx, actor.Console(), account.Details{Email: "n@own.example", Name: "<script>alert(1)</script>", Role: actor.Officer, Organisation: s.own.ID})
	if err != nil || a.Name != "<script>alert(1)</script>" {
		t.Errorf("markup in a name is text, kept as typed: %+v, %v", a, err)
	}
}

func TestGeneratedPasswordsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		p := account.Generate()
		if len(p) != 23 || seen[p] || strings.ContainsAny(p, "01loi") {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

func TestEMailsAreComparedAsPeopleDo(t *testing.T) {
	for typed, want := range map[string]string{
		" Zhang.San@Bureau.Example ": "zhang.san@bureau.example",
		"officer+1@bureau.example":   "officer+1@bureau.example",
		"a@localhost":                "a@localhost",
		"张三@例子.中国":                   "张三@例子.中国",
	} {
		if got, ok := account.NormalEmail(typed); !ok || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{
		"", "@", "a@", "@b.example", "a b@c.example", "a@b@c.example", "a@b..example", "a@-b.example", "Name <a@b.example>",
		"a@b.example\nBcc: x@y.example", "a\u200b@b.example", "a@[127.0.0.1]", strings.Repeat("a", 250) + "@b.example", `"a"@b.example`, "a@b.example,c@d.example",
	} {
		if got, ok := account.NormalEmail(typed); ok {
			t.Errorf("%q is taken as %q", typed, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		once, ok := account.NormalEmail(typed)
		if again, still := account.NormalEmail(once); ok && (!still || again != once) {
			t.Fatalf("%q is read as %q and then as %q", typed, once, again)
		}
	})
}
