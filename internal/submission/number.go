package submission

import (
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"

	"guangyi/internal/platform/seal"
)

// damm is the quasigroup of order 10 by H. M. Damm (2004): its check digit finds
// every single wrong digit and every swap of neighbours.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// checkDigit is the Damm digit of a row of decimal digits.
func checkDigit(digits string) byte {
	var d byte
	for i := range len(digits) {
		d = damm[d][digits[i]-'0']
	}
	return d
}

// sequenceDigits is the least length of a number's middle part.
const sequenceDigits = 6

// Number writes a receipt number: 26-004172-8 is the 4,172nd of 2026 with its
// check digit.
func Number(year int, sequence int64) string {
	digits := fmt.Sprintf("%02d%0*d", year%100, sequenceDigits, sequence)
	return digits[:2] + "-" + digits[2:] + "-" + string('0'+checkDigit(digits))
}

// ReadNumber brings a number as somebody typed it into its form: without hyphens,
// with spaces, in full-width digits. ok is false when it cannot be one.
func ReadNumber(typed string) (number string, ok bool) {
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case gap(r):
		default:
			return "", false
		}
		if b.Len() > 20 {
			return "", false
		}
	}
	digits := b.String()
	if len(digits) < 2+sequenceDigits+1 {
		return "", false
	}
	body, check := digits[:len(digits)-1], digits[len(digits)-1:]
	if checkDigit(body) != check[0]-'0' || body[2] == '0' && len(body) > 2+sequenceDigits {
		return "", false
	}
	return body[:2] + "-" + body[2:] + "-" + check, true
}

// gap reports the marks that people set between the groups of a number.
func gap(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\u00a0', '\u3000', '-', '‐', '‑', '–', '—', '－', '.':
		return true
	}
	return false
}

const (
	// crockford is Crockford's base 32, without I, L, O and U.
	crockford     = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	secretLength  = 10 // 50 bits; look-ups are slowed down per address
	secretGrouped = 5
)

// secret derives the receipt's secret from the submission, so that a repeated
// request gets the same one and none is stored.
func (s *Service) secret(submission int64) string {
	return WriteSecret(s.keys.MAC(seal.Receipts, []byte("secret"), binary.BigEndian.AppendUint64(nil, uint64(submission))))
}

// WriteSecret writes the first 50 bits of a MAC (at least eight bytes) as a secret
// that people can copy by hand: A1B2C-D3E4F.
func WriteSecret(mac []byte) string {
	bits := binary.BigEndian.Uint64(mac)
	var b strings.Builder
	for i := range secretLength {
		if i == secretGrouped {
			b.WriteByte('-')
		}
		b.WriteByte(crockford[bits>>(59-5*i)&31])
	}
	return b.String()
}

// readSecret brings a secret as typed into ten signs, by Crockford's rules: small
// letters count as capitals, O as 0, I and L as 1.
func readSecret(typed string) string {
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' {
			r -= '！' - '!' // full-width
		}
		if gap(r) {
			continue
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		b.WriteRune(r)
		if b.Len() > secretLength {
			break // too long to be one
		}
	}
	return b.String()
}

func same(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// opens reports whether the typed secret is the submission's, in constant time.
func (s *Service) opens(submission int64, typed string) bool {
	return SameSecret(s.secret(submission), typed)
}

// SameSecret reports whether somebody typed the secret, in constant time and by the
// rules of readSecret.
func SameSecret(secret, typed string) bool {
	return subtle.ConstantTimeCompare([]byte(readSecret(typed)), []byte(readSecret(secret))) == 1
}
