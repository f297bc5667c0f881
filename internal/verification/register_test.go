package verification_test

import (
	"context"
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
	"guangyi/internal/verification"
)

// The register itself, with a key that was changed for one with SM2 beside it: what
// it signs is read here with code of its own.
func TestTheRegistersKeysAreRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		s, err := register.New(ctx, db, register.Options{Folder: t.TempDir(), Origin: "example.org/log"})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		enter := func(from, to int) {
			err := db.Upkeep(ctx, func(tx *database.Tx) error {
				for i := from; i < to; i++ {
					if err := register.Add(tx, "test", int64(i), w.leaves[i]); err != nil {
						return err
					}
				}
				return nil
			})
			if err == nil {
				_, err = s.Pass(ctx)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		enter(0, 4)
		if _, err := s.Rotate(ctx, actor.Console(), nil, true); err != nil {
			t.Fatal(err)
		}
		enter(4, len(w.leaves))
		rows, err := s.KeyRows(ctx)
		if err != nil {
			t.Fatal(err)
		}
		w.keys = ""
		for _, k := range rows {
			w.keys += k.Verifier + "\n" + k.Second + "\n"
		}
		list, err := s.Checkpoints(ctx, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		w.checkpoints = nil
		for _, one := range list {
			w.checkpoints = append(w.checkpoints, one.Note)
		}
		w.summary["checkpoint"] = w.checkpoints[len(list)-1]
		got := w.check(t)
		if f, found := verification.FirstBroken(got); found || len(rows) != 2 || len(list) != 4 {
			t.Errorf("%d keys, %d checkpoints: %v", len(rows), len(list), f)
		}
		for _, f := range got {
			if f.State == verification.Unchecked {
				t.Errorf("not looked at: %v", f)
			}
		}

		last := w.checkpoints[len(list)-1]
		lines := strings.Split(strings.TrimSpace(last), "\n")
		sm2 := lines[len(lines)-1]
		w.checkpoints[len(list)-1] = strings.Replace(last, sm2, strings.TrimSpace(forge(sm2)), 1)
		if f, _ := verification.FirstBroken(w.check(t)); f.Fact != verification.FactLogSignature || !strings.Contains(f.Detail, "is wrong") {
			t.Errorf("a forged SM2 signature beside a good one: %v", f)
		}
		for _, bad := range []string{rows[0].Second + "A", strings.Replace(rows[0].Second, "example", "exemple", 1)} {
			if _, err := verification.ReadKeys(rows[0].Verifier + "\n" + bad); err == nil {
				t.Errorf("the key %s passes", bad)
			}
		}
	})
}
