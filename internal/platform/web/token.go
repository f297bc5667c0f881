package web

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// TokenField is the hidden field that guards a form against other sites.
const TokenField = "csrf"

// tokenLife is how long a form may lie open; after that it is asked for once more.
const tokenLife = 12 * time.Hour

// token makes the guard for this browser's forms: its time and a MAC over it and
// the browser's session or visit cookie.
func (s *Site) token(f *fiber.Ctx) string {
	var head [16]byte // the time, then random bytes: compressed pages must not let the token be guessed
	binary.BigEndian.PutUint64(head[:8], uint64(s.o.Clock.Now().Unix()))
	_, _ = rand.Read(head[8:])
	mac := s.o.Keys.MAC(seal.Cookies, head[:], []byte(s.browser(f)))
	return base64.RawURLEncoding.EncodeToString(append(head[:], mac[:16]...))
}

func (s *Site) checkToken(f *fiber.Ctx) error {
	if s.tokenHolds(f) {
		return nil
	}
	return fault.New(fault.Forbidden, "form_expired")
}

func (s *Site) tokenHolds(f *fiber.Ctx) bool {
	raw, err := base64.RawURLEncoding.DecodeString(f.FormValue(TokenField))
	if err != nil || len(raw) != 32 {
		return false
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(raw[:8])), 0)
	age := s.o.Clock.Now().Sub(made)
	if age > tokenLife || age < -time.Minute {
		return false
	}
	for _, browser := range s.known(f) {
		mac := s.o.Keys.MAC(seal.Cookies, raw[:16], []byte(browser))
		if hmac.Equal(raw[16:], mac[:16]) {
			return true
		}
	}
	return false
}

// known lists the names under which this browser may have got a form: its
// session, also one that ended while the form lay open (then the handler says
// so, and a public form is taken), and without a session its visit.
func (s *Site) known(f *fiber.Ctx) (names []string) {
	if token := f.Cookies(SessionCookie); token != "" {
		names = append(names, "session "+token)
	}
	if v := f.Cookies(visitCookie); v != "" && !s.visit(f).Actor.Known() {
		names = append(names, "visit "+v)
	}
	return names
}

// browser names the browser: its session, else a random visit cookie, which is
// made when a form needs one.
func (s *Site) browser(f *fiber.Ctx) string {
	if token := f.Cookies(SessionCookie); token != "" && s.visit(f).Actor.Known() {
		return "session " + token
	}
	if v := f.Cookies(visitCookie); v != "" {
		return "visit " + v
	}
	v, ok := f.Locals(visitCookie).(string)
	if !ok {
		v = randomToken()
		f.Locals(visitCookie, v)
		s.cookie(f, visitCookie, v, 0)
	}
	return "visit " + v
}
