package register_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

// refused fails unless an error tells of another key and names the cure.
func refused(t *testing.T, err error, cure string) {
	t.Helper()
	if !errors.Is(err, register.ErrForeignKey) || !strings.Contains(err.Error(), cure) {
		t.Fatalf("the key was not refused with its cure: %v", err)
	}
}

func TestAChangeOfKeysIsSignedByBoth(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		st.add(5)
		st.pass(5)
		other := st.node() // another process over the same folder
		before, err := st.s.Keys(ctx)
		must(t, err)
		handover, err := st.s.Rotate(ctx, actor.Console(), nil, false)
		must(t, err)
		after, err := st.s.Keys(ctx)
		must(t, err)
		if len(after) != 2 || after[1] != before[0] || handover.Size != 5 {
			t.Fatalf("keys %v, handover %+v", after, handover)
		}
		for _, key := range after {
			v, err := note.NewVerifier(key)
			must(t, err)
			if n, err := note.Open([]byte(handover.Note), note.VerifierList(v)); err != nil || len(n.Sigs) != 1 {
				t.Errorf("the handover does not hold under %s: %v", key, err)
			}
		}
		st.add(3)
		if n, err := other.Pass(ctx); err != nil || n != 3 { // it takes the new key from the folder
			t.Fatalf("the other process placed %d, %v", n, err)
		}
		sound(t, db, st.s)
		newest, err := st.s.Checkpoint(ctx)
		must(t, err)
		old, err := note.NewVerifier(before[0])
		must(t, err)
		if _, err := note.Open([]byte(newest.Note), note.VerifierList(old)); err == nil {
			t.Error("the old key still signs")
		}
		st.node() // and it starts again
		st.audited()
	})
}

func (st *stage) audited() {
	st.t.Helper()
	var n int64
	must(st.t, st.db.Read(context.Background()).Raw("SELECT count(*) FROM audit_entries WHERE action = 'rotate' AND object = 'register'").Scan(&n).Error)
	if n != 1 {
		st.t.Errorf("%d audit rows of the change", n)
	}
}

func TestANodeWithTheOldKeySignsNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		old, err := os.ReadFile(filepath.Join(st.folder, "keys", "register.key"))
		must(t, err)
		elsewhere, err := register.New(ctx, db, register.Options{Folder: t.TempDir(), Key: string(old), Origin: origin})
		must(t, err)
		_, err = st.s.Rotate(ctx, actor.Console(), nil, false)
		must(t, err)
		st.add(2)
		_, err = elsewhere.Pass(ctx)
		refused(t, err, "GUANGYI_REGISTER_KEY")
		if len(pending(t, db)) != 2 {
			t.Error("something was placed under the old key")
		}
		_, err = register.New(ctx, db, register.Options{Folder: st.folder, Key: string(old), Origin: origin})
		refused(t, err, "GUANGYI_REGISTER_KEY")
		st.pass(2)
	})
}

// TestAnInterruptedChangeIsFinished: killed between the commit and the exchange of
// the files, the next start finds the new key beside the old one.
func TestAnInterruptedChangeIsFinished(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		st := begin(t, db)
		file := filepath.Join(st.folder, "keys", "register.key")
		old, err := os.ReadFile(file)
		must(t, err)
		_, err = st.s.Rotate(context.Background(), actor.Console(), nil, false)
		must(t, err)
		must(t, os.Rename(file, file+".next"))
		must(t, os.WriteFile(file, old, 0o600))
		st.s = st.node()
		st.add(1)
		st.pass(1)
		if _, err := os.Stat(file + ".next"); !os.IsNotExist(err) {
			t.Errorf("the new key was not put in its place: %v", err)
		}
	})
}

func TestAKeyFromOutsideIsChangedForOneFromOutside(t *testing.T) {
	ctx := context.Background()
	db := databasetest.SQLite(t)
	first, err := register.NewKey("given.example/log", false)
	must(t, err)
	file := filepath.Join(t.TempDir(), "register.key")
	must(t, os.WriteFile(file, []byte(first.Text()), 0o600))
	folder := t.TempDir()
	s, err := register.New(ctx, db, register.Options{Folder: folder, Key: file, Origin: origin})
	must(t, err)
	if _, err := os.Stat(filepath.Join(folder, "keys")); !os.IsNotExist(err) {
		t.Error("a key was written into the folder")
	}
	if name, err := register.Origin(ctx, db); err != nil || name != "given.example/log" {
		t.Errorf("the log is called %q, %v", name, err)
	}
	if _, err := s.Rotate(ctx, actor.Console(), nil, false); !errors.Is(err, register.ErrKeyGiven) {
		t.Errorf("a key was made in place of one from outside: %v", err)
	}
	foreign, err := register.NewKey(origin, false)
	must(t, err)
	if _, err := s.Rotate(ctx, actor.Console(), foreign, false); err == nil || !strings.Contains(err.Error(), "given.example/log") {
		t.Errorf("a key of another log was taken: %v", err)
	}
	second, err := register.NewKey("given.example/log", true)
	must(t, err)
	_, err = s.Rotate(ctx, actor.Console(), second, false)
	must(t, err)
	if _, err := s.Rotate(ctx, actor.Console(), first, false); err == nil || !strings.Contains(err.Error(), "before") {
		t.Errorf("an old key came back: %v", err)
	}
	_, err = register.New(ctx, db, register.Options{Key: second.Text(), Origin: origin})
	must(t, err)
}

// TestSM2SignsBesideEd25519: a reader that knows only Ed25519 passes over the
// second line; openssl, which shares nothing with us, verifies it.
func TestSM2SignsBesideEd25519(t *testing.T) {
	ctx := context.Background()
	db := databasetest.SQLite(t)
	st := begin(t, db)
	_, err := st.s.Rotate(ctx, actor.Console(), nil, true)
	must(t, err)
	st.s = st.node() // the file holds both
	st.add(1)
	st.pass(1)
	newest, err := st.s.Checkpoint(ctx)
	must(t, err)
	st.opened(newest.Note)
	rows, err := st.s.KeyRows(ctx)
	must(t, err)
	v, err := register.NewSM2Verifier(rows[0].Second)
	must(t, err)
	n, err := note.Open([]byte(newest.Note), note.VerifierList(v))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 1 {
		t.Fatalf("SM2: %v, %+v", err, n)
	}
	if v.Verify([]byte(n.Text+"x"), []byte(signature(t, newest.Note, 1))) {
		t.Error("the signature holds over another text")
	}
	opensslSM2(t, rows[0].Second, n.Text, signature(t, newest.Note, 1))
	for _, wrong := range []string{"", "a+b", rows[0].Verifier, rows[0].Second[:len(rows[0].Second)-8], strings.Replace(rows[0].Second, "yijian", "yijia", 1)} {
		if _, err := register.NewSM2Verifier(wrong); err == nil {
			t.Errorf("%q was taken as an SM2 key", wrong)
		}
	}
}

func TestADamagedKeyIsRefusedInWords(t *testing.T) {
	k, err := register.NewKey(origin, true)
	must(t, err)
	text := k.Text()
	for name, wrong := range map[string]string{
		"empty": "", "public": k.Verifier(), "cut": text[:len(text)-9], "two": text + text, "words": "PRIVATE+KEY+x",
		"only sm2": strings.SplitN(text, "\n", 2)[1], "another name": strings.Replace(text, "+yijian", "+yijiam", 1),
	} {
		if _, err := register.ParseKey(wrong); err == nil || !strings.Contains(err.Error(), "the register's key cannot be read") {
			t.Errorf("%s: %v", name, err)
		}
	}
	again, err := register.ParseKey(text)
	must(t, err)
	if again.Text() != text || again.Verifier() != k.Verifier() || again.SecondVerifier() != k.SecondVerifier() {
		t.Error("a key comes back as another")
	}
}

// opensslSM2 verifies with `openssl dgst`, from the public point alone.
func opensslSM2(t *testing.T, key, text, sig string) {
	t.Helper()
	folder := t.TempDir()
	in := func(name, content string) string {
		path := filepath.Join(folder, name)
		must(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	pem := in("key.pem", sm2PEM(t, key))
	out, err := exec.Command("openssl", "dgst", "-sm3", "-verify", pem, "-sigopt", "distid:1234567812345678",
		"-signature", in("sig", sig), in("text", text)).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verified OK") {
		t.Errorf("openssl: %v: %s", err, out)
	}
}
