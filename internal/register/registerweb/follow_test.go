package registerweb_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// follow runs the program that the page offers, as it is served.
func (st *stage) follow(folder string) (status int, said string) {
	st.t.Helper()
	program := filepath.Join(st.t.TempDir(), "follow.py")
	must(st.t, os.WriteFile(program, []byte(st.fetch("/log/follow.py").body), 0o600))
	out, err := exec.Command("python3", program, st.base, folder).CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		st.t.Fatalf("python3 does not run: install it (%v)", err)
	}
	if ended != nil {
		return ended.ExitCode(), string(out)
	}
	return 0, string(out)
}

func (st *stage) holds(folder, entries string) {
	st.t.Helper()
	if status, said := st.follow(folder); status != 0 || !strings.Contains(said, entries+" entries") {
		st.t.Errorf("status %d: %s", status, said)
	}
}

// TestAFollowerKeepsACopyAndFindsARewrittenHistory runs the published program over
// a growing log and a change of keys, and then over logs that were rewritten and
// signed anew with the real key.
func TestAFollowerKeepsACopyAndFindsARewrittenHistory(t *testing.T) {
	each(t, func(st *stage) {
		folder := t.TempDir()
		st.holds(folder, "0")
		st.grow(1300)
		st.holds(folder, "1300")
		st.grow(10)
		_, err := st.s.Rotate(ctx, actor.Console(), nil, true)
		must(t, err)
		st.grow(5)
		st.holds(folder, "1315")
		st.holds(t.TempDir(), "1315") // who begins now
		st.rewrite(`UPDATE register_leaves SET leaf = leaf || ? WHERE idx = 700`, []byte(" "))
		if status, said := st.follow(folder); status != 1 || !strings.Contains(said, "BROKEN: history was rewritten") {
			t.Errorf("a changed leaf: status %d: %s", status, said)
		}
		st.holds(t.TempDir(), "1315") // without a copy it cannot be seen: the log agrees with itself
		st.rewrite(`DELETE FROM register_leaves WHERE idx > 1200`)
		if status, said := st.follow(folder); status != 1 || !strings.Contains(said, "BROKEN: history was rewritten") {
			t.Errorf("a shortened log: status %d: %s", status, said)
		}
		st.key()
		if status, said := st.follow(folder); status != 1 || !strings.Contains(said, "BROKEN: the key") {
			t.Errorf("a key that nobody handed over to: status %d: %s", status, said)
		}
	})
}

// rewrite changes the stored log and signs what it is then, as somebody could who
// has database and key.
func (st *stage) rewrite(statement string, arguments ...any) {
	st.t.Helper()
	var rows [][]byte
	must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
		if err := tx.Exec(statement, arguments...).Error; err != nil {
			return err
		}
		if err := tx.Raw("SELECT leaf FROM register_leaves ORDER BY idx").Scan(&rows).Error; err != nil {
			return err
		}
		for _, table := range []string{"register_leaves", "register_nodes"} {
			if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
				return err
			}
		}
		empty := register.EmptyRoot()
		if err := tx.Exec("UPDATE register_checkpoints SET size = 0, root = ?", empty[:]).Error; err != nil {
			return err
		}
		for i, leaf := range rows {
			if err := register.Add(tx, "submission", int64(i+1), leaf); err != nil {
				return err
			}
		}
		return nil
	}))
	n, err := st.s.Pass(ctx)
	must(st.t, err)
	if n != len(rows) {
		st.t.Fatalf("%d of %d leaves", n, len(rows))
	}
}

// key puts another key in the place of the log's, without a handover.
func (st *stage) key() {
	st.t.Helper()
	k, err := register.NewKey("yijian.example/log", false)
	must(st.t, err)
	must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Exec("UPDATE register_keys SET hash = ?, verifier = ? WHERE last_checkpoint IS NULL", k.Hash(), k.Verifier()).Error
	}))
}
