package meeting

import (
	"encoding/binary"

	"guangyi/internal/platform/seal"
)

// crockford is Crockford's base 32, without I, L, O and U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// checkInLength is 40 bits: enough for a room, where a code is only looked for
// among those who are expected.
const checkInLength = 8

// CheckInCode is what an invited person shows on the day, as a QR code or typed:
// K7M2-9QXD. It is derived under the site's key and not stored; it opens nothing.
func (s *Service) CheckInCode(application int64) string {
	mac := s.keys.MAC(seal.Receipts, []byte("check-in"), binary.BigEndian.AppendUint64(nil, uint64(application)))
	bits := binary.BigEndian.Uint64(mac)
	out := make([]byte, 0, checkInLength+1)
	for i := range checkInLength {
		if i == checkInLength/2 {
			out = append(out, '-')
		}
		out = append(out, crockford[bits>>(59-5*i)&31])
	}
	return string(out)
}
