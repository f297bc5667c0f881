package verification_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// A record comes from a stranger: checking it ends, with findings.
func FuzzCheckRecord(f *testing.F) {
	honest := drawn(f)
	public, err := sortition.Redact(honest, sortition.RedactionThreshold)
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range []sortition.Record{honest, public} {
		r.Panels = r.Panels[:10]
		text, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"format":"guangyi-draw-1","panel":1,"people":[{"number":"1","features":[]}],"panels":[["1"]],"result":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r sortition.Record
		if json.Unmarshal(text, &r) != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if len(verification.CheckRecord(ctx, r)) == 0 {
			t.Error("nothing was found out")
		}
	})
}
