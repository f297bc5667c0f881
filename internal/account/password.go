package account

import (
	_ "embed"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"guangyi/internal/platform/fault"
)

// Lengths of a password, in characters (NIST SP 800-63B asks for at least 8 and
// for no other rule; a passphrase of three words has 12).
const (
	PasswordLeast = 12
	PasswordMost  = 128
)

//go:embed common.txt
var commonText string

var common = strings.Fields(commonText)

// checkPassword notes what is wrong with a new password.
func checkPassword(f *fault.Fields, field, password, email, name string) {
	n := utf8.RuneCountInString(norm.NFC.String(password))
	switch {
	case n < PasswordLeast:
		f.Add(field, "account.password_short", "least", PasswordLeast)
	case n > PasswordMost:
		f.Add(field, "account.password_long", "most", PasswordMost)
	case isCommon(password) || repeats(password, email, name):
		f.Add(field, "account.password_common")
	}
}

// isCommon reports whether a password is one that guessers try first: a common
// word with digits or signs around it, few distinct characters, or a run along
// the alphabet, the digits or a row of keys.
func isCommon(password string) bool {
	lower := strings.ToLower(norm.NFKC.String(password))
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, lower)
	for _, word := range common {
		if core == word || letters == word || letters == word+word {
			return true
		}
	}
	return distinct(lower) < 5 || isRun(lower)
}

// runs are what fingers and minds go along; each is also tried backwards.
var runs = []string{
	"0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
	"qwertyuiopasdfghjklzxcvbnm", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
	"1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1234567890-=", "!@#$%^&*()_+",
}

func isRun(lower string) bool {
	for _, run := range runs {
		if strings.Contains(run, lower) || strings.Contains(reversed(run), lower) {
			return true
		}
	}
	return false
}

// repeats reports whether the password is little more than the account's own
// e-mail or name.
func repeats(password, email, name string) bool {
	lower := strings.ToLower(password)
	local, _, _ := strings.Cut(email, "@")
	for _, own := range []string{email, local, strings.ToLower(name)} {
		if utf8.RuneCountInString(own) < 3 {
			continue
		}
		if rest := strings.ReplaceAll(lower, own, ""); rest != lower && utf8.RuneCountInString(rest) < 6 {
			return true
		}
	}
	return false
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// readable leaves out what is mistaken for something else when read aloud or
// copied by hand: 31 characters, 4.95 bits each.
const readable = "abcdefghjkmnpqrstuvwxyz23456789"

// Generate makes a password of 99 bits, in groups that can be read aloud.
func Generate() string {
	var b strings.Builder
	// 155 bits for 99: the bias of the division is far below one part in 2^50.
	n := new(big.Int).SetBytes(random(20))
	base, digit := big.NewInt(int64(len(readable))), new(big.Int)
	for i := range 20 {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		n.DivMod(n, base, digit)
		b.WriteByte(readable[digit.Int64()])
	}
	return b.String()
}
