// Package challenge asks programs and browsers without an account for a little
// work before they may write, so that a flood costs its sender more than the
// site. Nobody else is asked: no third party learns who writes here, and nobody
// has to read a picture.
//
// The scheme is ALTCHA's first version with SHA-256 (altcha.org, documentation,
// "Proof-of-Work"): the site picks a number, publishes SHA-256(salt ‖ number) and
// an HMAC over it, and whoever asks finds the number by trying.
package challenge

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// Algorithm is the only one; the name is ALTCHA's.
const Algorithm = "SHA-256"

// Life is how long a task may be solved and its solution handed in: a page that
// somebody fills in slowly asks for another one by itself.
const Life = 20 * time.Minute

// longestAnswer is far above any true answer, in bytes.
const longestAnswer = 2048

// Task is what is asked, in ALTCHA's words. The number lies in 0…MaxNumber.
type Task struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"` // hexadecimal SHA-256(salt ‖ decimal number)
	MaxNumber int64  `json:"maxnumber"`
	Salt      string `json:"salt"`      // carries when the task lapses, as expires=<Unix seconds>
	Signature string `json:"signature"` // hexadecimal
}

// answer is what is handed in: base64 of this JSON. Other members are ignored.
type answer struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	Number    int64  `json:"number"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
}

// Codes of what is wrong with an answer; message keys below "error.".
const (
	Missing = "challenge.missing"
	Wrong   = "challenge.wrong"
	Expired = "challenge.expired"
	Used    = "challenge.used"
)

// Field is the name of the answer's field, in forms and in JSON.
const Field = "challenge"

func refused(code string) error { return fault.Fields{{Name: Field, Code: code}}.Err() }

// newTask makes a task whose number lies in 0…most.
func newTask(keys *seal.Keys, now time.Time, most int64) Task {
	var random [20]byte
	_, _ = rand.Read(random[:]) // crypto/rand never fails on the systems that Go supports
	number := int64(binary.BigEndian.Uint64(random[12:]) % uint64(most+1))
	// The salt ends with a delimiter: without it a digit could wander from the number
	// into the salt and move its time, and the hash would be the same.
	salt := hex.EncodeToString(random[:12]) + "?expires=" + strconv.FormatInt(now.Add(Life).Unix(), 10) + "&"
	challenge := digest(salt, number)
	return Task{
		Algorithm: Algorithm, Challenge: challenge, MaxNumber: most, Salt: salt, Signature: signature(keys, challenge),
	}
}

func digest(salt string, number int64) string {
	sum := sha256.Sum256(strconv.AppendInt([]byte(salt), number, 10))
	return hex.EncodeToString(sum[:])
}

func signature(keys *seal.Keys, challenge string) string {
	return hex.EncodeToString(keys.MAC(seal.Challenges, []byte(challenge)))
}

// check reads an answer. Faults: Invalid with Field and one of the codes but Used.
func check(keys *seal.Keys, now time.Time, text string) (challenge string, expires time.Time, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", expires, refused(Missing)
	}
	a, ok := read(text)
	if !ok || a.Algorithm != Algorithm || a.Number < 0 || a.Challenge != digest(a.Salt, a.Number) {
		return "", expires, refused(Wrong)
	}
	if !hmac.Equal([]byte(a.Signature), []byte(signature(keys, a.Challenge))) {
		return "", expires, refused(Wrong)
	}
	if expires, ok = lapses(a.Salt); !ok {
		return "", expires, refused(Wrong)
	}
	if now.After(expires) {
		return "", expires, refused(Expired)
	}
	return a.Challenge, expires, nil
}

func read(text string) (a answer, ok bool) {
	if len(text) > longestAnswer {
		return a, false
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return a, false
	}
	return a, json.Unmarshal(raw, &a) == nil
}

func lapses(salt string) (time.Time, bool) {
	_, query, ok := strings.Cut(salt, "?")
	if !ok || !strings.HasSuffix(query, "&") {
		return time.Time{}, false
	}
	values, err := url.ParseQuery(strings.TrimSuffix(query, "&"))
	if err != nil {
		return time.Time{}, false
	}
	at, err := strconv.ParseInt(values.Get("expires"), 10, 64)
	return time.Unix(at, 0), err == nil
}

// Solve finds the answer to a task by trying, as every client does; "" when no
// number fits.
func Solve(t Task) string {
	for n := int64(0); n <= t.MaxNumber; n++ {
		if digest(t.Salt, n) != t.Challenge {
			continue
		}
		raw, err := json.Marshal(answer{t.Algorithm, t.Challenge, n, t.Salt, t.Signature})
		if err != nil {
			return ""
		}
		return base64.StdEncoding.EncodeToString(raw)
	}
	return ""
}
