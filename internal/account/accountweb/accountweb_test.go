package accountweb_test

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database/databasetest"
)

func TestAPersonSignsInAndOutByTheForms(t *testing.T) {
	each(t, func(p *place) {
		b := p.browser()
		first := b.get("/signin")
		b.want("the form", first, 200)
		if !strings.Contains(first.body, `type="email"`) || !strings.Contains(first.body, `type="password"`) {
			t.Error("the form has no e-mail or no password field")
		}
		b.want("a staff page without a session", b.get("/staff/organisations"), 303, "/signin?next=%2Fstaff%2Forganisations")
		b.want("signing in", b.signIn("admin@own.example"), 303, "/staff")
		b.want("the same page now", b.get("/staff/organisations"), 200)
		b.want("signing in once more", b.get("/signin?next=/my/account"), 303, "/my/account")
		session := b.jar["gy_session"]
		b.want("signing out", b.post("/my/account", "/signout"), 303, "/")
		if b.jar["gy_session"] != "" {
			t.Error("the cookie stays after signing out")
		}
		b.jar["gy_session"] = session
		b.want("the session that was left", b.get("/my/account"), 303, "/signin?next=%2Fmy%2Faccount")
	})
}

func TestTheSessionCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	p := newPlace(t, databasetest.SQLite(t), clock.At(noon), "https://site.example")
	got := p.browser().signIn("admin@own.example")
	for _, c := range got.Cookies() {
		if c.Name != "gy_session" {
			continue
		}
		if !c.HttpOnly || !c.Secure || c.Path != "/" || c.SameSite != 2 || c.MaxAge != 0 || len(c.Value) != 43 {
			t.Errorf("the cookie is %+v", c)
		}
		return
	}
	t.Error("no session cookie came")
}

// A session token that somebody planted before the sign-in must be worth nothing after it.
func TestSigningInGivesANewSession(t *testing.T) {
	each(t, func(p *place) {
		planted := p.browser()
		planted.signIn("admin@own.example")
		old := planted.jar["gy_session"]
		p.person("p@own.example", actor.Officer, p.own.ID)
		b := p.browser()
		token := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(b.get("/signin").body)[1]
		b.jar["gy_session"] = "planted-by-somebody"
		b.want("with a planted cookie", b.send("POST", "/signin", url.Values{"csrf": {token}, "email": {"p@own.example"}, "password": {password}}), 303, "/staff")
		if now := b.jar["gy_session"]; now == old || now == "planted-by-somebody" {
			t.Errorf("the session is %q", now)
		}
	})
}

func TestARefusedSignInKeepsTheEMailAndNeverThePassword(t *testing.T) {
	each(t, func(p *place) {
		b := p.browser()
		for _, email := range []string{"admin@own.example", "nobody@own.example"} {
			got := b.post("/signin", "/signin", "email", email, "password", "wrong secret 42", "next", "/staff/consultations")
			b.want("a wrong password", got, 422)
			if !strings.Contains(got.body, `value="`+email+`"`) || strings.Contains(got.body, "wrong secret 42") || !strings.Contains(got.body, `value="/staff/consultations"`) {
				t.Errorf("the page is\n%s", short(got.body))
			}
		}
		for range 4 {
			b.post("/signin", "/signin", "email", "admin@own.example", "password", "wrong")
		}
		got := b.signIn("admin@own.example")
		b.want("too fast", got, 429)
		seconds, err := strconv.Atoi(got.Header.Get("Retry-After"))
		if err != nil || seconds < 1 || !strings.Contains(got.body, "请等"+got.Header.Get("Retry-After")+"秒") {
			t.Errorf("Retry-After %q\n%s", got.Header.Get("Retry-After"), short(got.body))
		}
		p.clock.Add(time.Duration(seconds) * time.Second)
		b.want("after waiting", b.signIn("admin@own.example"), 303)
	})
}

// The way on after signing in stays on this site, in every reading of a browser.
func TestTheWayOnStaysOnThisSite(t *testing.T) {
	each(t, func(p *place) {
		for next, want := range map[string]string{
			"/staff/consultations?status=open": "/staff/consultations?status=open",
			"/":                                "/",
			"":                                 "/staff",
			"//evil.example":                   "/staff",
			"///evil.example":                  "/staff",
			"/\\evil.example":                  "/staff",
			"\\\\evil.example":                 "/staff",
			"https://evil.example":             "/staff",
			"javascript:alert(1)":              "/staff",
			"staff":                            "/staff",
			" /staff":                          "/staff",
			"/\t/evil.example":                 "/staff",
			"/\r\nLocation: //evil.example":    "/staff",
			"/%2f/evil.example":                "/%2f/evil.example",
		} {
			b := p.browser()
			got := b.post("/signin?next="+url.QueryEscape(next), "/signin", "email", "admin@own.example", "password", password, "next", next)
			b.want(strconv.Quote(next), got, 303, want)
		}
	})
}

func TestMarkupInAddressesAndNamesIsShownAsText(t *testing.T) {
	each(t, func(p *place) {
		const evil = `"><script>alert(1)</script>`
		b := p.browser()
		for _, got := range []page{
			b.get("/signin?next=" + url.QueryEscape("/"+evil)),
			b.post("/signin", "/signin", "email", evil, "password", "x"),
		} {
			if strings.Contains(got.body, "<script>alert") {
				t.Errorf("markup runs:\n%s", short(got.body))
			}
		}
		b.signIn("admin@own.example")
		b.want("renaming", b.post("/my/account", "/my/account/name", "name", evil), 303, "/my/account")
		list := b.get("/staff/organisations/own/accounts").body
		if strings.Contains(list, "<script>alert") || !strings.Contains(list, "&lt;script&gt;alert") {
			t.Errorf("the list shows\n%s", short(list))
		}
	})
}

func TestAPersonChangesNameAndPassword(t *testing.T) {
	each(t, func(p *place) {
		p.person("p@own.example", actor.Officer, p.own.ID)
		b, elsewhere := p.browser(), p.browser()
		b.signIn("p@own.example")
		elsewhere.signIn("p@own.example")
		got := b.post("/my/account", "/my/account/name", "name", strings.Repeat("长", 61))
		b.want("a name too long", got, 422)
		if !strings.Contains(got.body, strings.Repeat("长", 61)) {
			t.Error("the typed name is lost")
		}
		b.want("with a wrong present password", b.post("/my/account", "/my/account/password", "password", "x", "new_password", "四条鱼 swim 过桥 slowly"), 422)
		b.want("to a common password", b.post("/my/account", "/my/account/password", "password", password, "new_password", "password1234"), 422)
		b.want("changing", b.post("/my/account", "/my/account/password", "password", password, "new_password", "四条鱼 swim 过桥 slowly"), 303, "/my/account")
		b.want("here it goes on", b.get("/my/account"), 200)
		elsewhere.want("elsewhere it ended", elsewhere.get("/my/account"), 303)
		b.want("everywhere", b.post("/my/account", "/my/account/sessions"), 303, "/signin")
		b.want("and here", b.get("/my/account"), 303)
	})
}

func TestAnAdministratorOpensAnAccount(t *testing.T) {
	each(t, func(p *place) {
		const people = "/staff/organisations/own/accounts"
		b := p.browser()
		b.signIn("admin@own.example")
		got := b.post(people, people, "email", "not an address", "name", "李四", "role", "officer")
		b.want("a wrong address", got, 422)
		if !strings.Contains(got.body, "李四") || !strings.Contains(got.body, "not an address") {
			t.Error("what was typed is lost")
		}
		got = b.post(people, people, "email", "li@own.example", "name", "李四", "role", "officer")
		b.want("opening", got, 200)
		made := regexp.MustCompile(`id="generated-password"[^>]*>([a-z2-9-]+)<`).FindStringSubmatch(got.body)
		if made == nil || got.Header.Get("Cache-Control") != "private, no-store" {
			t.Fatalf("no password, or a page that may be stored (%s):\n%s", got.Header.Get("Cache-Control"), short(got.body))
		}
		li := p.browser()
		li.want("the new person", li.post("/signin", "/signin", "email", "li@own.example", "password", made[1]), 303, "/staff")
		if body := b.get(people).body; strings.Contains(body, made[1]) || !strings.Contains(body, "李四") {
			t.Error("the list shows the password, or not the person")
		}
		b.want("the same again joins", b.post(people, people, "email", "li@own.example", "role", "reviewer"), 303)
		li.want("whose rights changed signs in anew", li.get("/my/account"), 303)
	})
}

func TestAnAdministratorKeepsRolesAndAccounts(t *testing.T) {
	each(t, func(p *place) {
		li := p.person("li@own.example", actor.Officer, p.own.ID)
		admin, err := p.accounts.SignIn(ctx, "admin@own.example", password, "")
		must(t, err)
		who, err := p.accounts.Session(ctx, admin)
		must(t, err)
		one := "/staff/organisations/own/accounts/" + strconv.FormatInt(li.ID, 10)
		self := "/staff/organisations/own/accounts/" + strconv.FormatInt(who.ID, 10)
		b := p.browser()
		b.signIn("admin@own.example")
		b.want("a role", b.post(one, one+"/grant", "role", "signer"), 303, one)
		b.want("no role", b.post(one, one+"/grant", "role", "king"), 422)
		b.want("a role away", b.post(one, one+"/revoke", "role", "officer"), 303, one)
		got := b.post(self, self+"/revoke", "role", "administrator")
		b.want("the last administrator", got, 409)
		if !strings.Contains(got.body, "至少要有一名能登录的管理员") {
			t.Errorf("the reason is not shown:\n%s", short(got.body))
		}
		b.want("against an older version", b.post(one, one+"/disable", "version", "99"), 409)
		b.want("disabling", b.post(one, one+"/disable"), 303, one)
		l := p.browser()
		l.want("a disabled person", l.signIn("li@own.example"), 422)
		b.want("enabling", b.post(one, one+"/enable"), 303, one)
		got = b.post(one, one+"/reset")
		b.want("a new password", got, 200)
		if !strings.Contains(got.body, `id="generated-password"`) {
			t.Error("the new password is not shown")
		}
		b.want("the last role away", b.post(one, one+"/revoke", "role", "signer"), 303, "/staff/organisations/own/accounts")
		b.want("own role", b.post(self, self+"/grant", "role", "officer"), 303, "/signin")
		b.want("then signing in anew", b.get(self), 303)
	})
}

func TestTokensAreShownOnce(t *testing.T) {
	each(t, func(p *place) {
		const tokens = "/staff/organisations/own/tokens"
		b := p.browser()
		b.signIn("admin@own.example")
		b.want("without a scope", b.post(tokens, tokens, "name", "导入"), 422)
		got := b.post(tokens, tokens, "name", "导入", "scope", "read", "scope", "write", "own", "true")
		b.want("making", got, 200)
		plain := regexp.MustCompile(`gy_[0-9A-Za-z]{43}`).FindString(got.body)
		who, err := p.accounts.Bearer(ctx, plain)
		if err != nil || len(who.TokenScopes) != 2 || who.Email != "admin@own.example" {
			t.Fatalf("the token %q: %+v, %v", plain, who, err)
		}
		list := b.get(tokens).body
		if strings.Contains(list, "gy_") || !strings.Contains(list, "导入") {
			t.Error("the list shows the token, or not its name")
		}
		id := strconv.FormatInt(who.TokenID, 10)
		b.want("revoking", b.post(tokens, tokens+"/"+id+"/revoke"), 303, tokens)
		b.want("revoking twice", b.post(tokens, tokens+"/"+id+"/revoke"), 404)
		if _, err := p.accounts.Bearer(ctx, plain); err == nil {
			t.Error("a revoked token works")
		}
	})
}

func TestSettingsKeepBothTextsWhenTwoSave(t *testing.T) {
	each(t, func(p *place) {
		const settings = "/staff/organisations/own/settings"
		b := p.browser()
		b.signIn("admin@own.example")
		got := b.post(settings, settings, "name", "新局", "accent", "#ffcc00", "version", "1")
		b.want("a colour too light", got, 422)
		if !strings.Contains(got.body, "#ffcc00") || !strings.Contains(got.body, "新局") {
			t.Error("what was typed is lost")
		}
		b.want("saving", b.post(settings, settings, "name", "新局", "accent", "#7a1f1f", "signer_differs", "true", "version", "1"), 303, settings)
		got = b.post(settings, settings, "name", "老局", "version", "1")
		b.want("an older version", got, 409)
		if !strings.Contains(got.body, "新局") || !strings.Contains(got.body, "老局") || !strings.Contains(got.body, `name="version" value="2"`) {
			t.Errorf("both texts and the new version should be there:\n%s", short(got.body))
		}
		if o, _ := p.orgs.BySlug(ctx, "own"); o.Name != "新局" || !o.SignerDiffers {
			t.Errorf("stored is %+v", o)
		}
	})
}

// Every page and act of an organisation × who asks.
func TestRoomsOfAnOrganisationAreForItsAdministrators(t *testing.T) {
	each(t, func(p *place) {
		p.person("officer@own.example", actor.Officer, p.own.ID)
		p.person("admin@other.example", actor.Administrator, p.other.ID)
		member := p.person("member@own.example", actor.Member, 0)
		_, err := p.accounts.Add(ctx, actor.Console(), account.Details{Email: "operator@site.example", Role: actor.Operator, Password: password})
		must(t, err)
		id := strconv.FormatInt(member.ID, 10)
		for _, room := range []string{"/accounts", "/tokens", "/settings", "/accounts/" + id} {
			path := "/staff/organisations/own" + room
			for email, status := range map[string]int{"": 303, "officer@own.example": 403, "admin@other.example": 404, "member@own.example": 404} {
				b, guarded := p.browser(), "/signin"
				if email != "" {
					b.signIn(email)
					guarded = "/my/account"
				}
				b.want(email+" reads "+path, b.get(path), status)
				if status == 303 {
					status = 401
				}
				for _, act := range acts(room) {
					b.want(email+" posts "+path+act, b.post(guarded, path+act, "role", "officer"), status)
				}
			}
		}
		operator := p.browser()
		operator.signIn("operator@site.example")
		operator.want("an operator reads accounts", operator.get("/staff/organisations/own/accounts"), 200)
		operator.want("an operator reads tokens", operator.get("/staff/organisations/own/tokens"), 404)
		operator.want("the list of organisations", operator.get("/staff/organisations"), 200)
	})
}

func acts(room string) []string {
	if strings.Count(room, "/") > 1 {
		return []string{"/grant", "/revoke", "/disable", "/enable", "/reset"}
	}
	return []string{""}
}
