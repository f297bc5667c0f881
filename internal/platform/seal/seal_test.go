package seal_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
)

func TestKeysComeBackAndNoOtherFolderOpensThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, folder := context.Background(), t.TempDir()
		first, err := seal.Open(ctx, db, folder)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := first.Seal([]byte("13800000000"), "row 1")
		if err != nil {
			t.Fatal(err)
		}
		again, err := seal.Open(ctx, db, folder)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := again.Unseal(sealed, "row 1"); err != nil || string(plain) != "13800000000" {
			t.Fatalf("unsealed %q, %v", plain, err)
		}
		if _, err := again.Unseal(sealed, "row 2"); err == nil {
			t.Fatal("a sealed text was opened at another row")
		}
		if string(first.MAC(seal.Receipts, []byte("a"))) != string(again.MAC(seal.Receipts, []byte("a"))) {
			t.Fatal("a receipt's secret would change with a restart")
		}
		if _, err := seal.Open(ctx, db, t.TempDir()); !errors.Is(err, seal.ErrForeign) {
			t.Fatalf("an empty folder: %v, want ErrForeign", err)
		}
	})
}

func TestTheMasterKeyIsReadableByItsOwnerOnly(t *testing.T) {
	db, folder := databasetest.SQLite(t), t.TempDir()
	if _, err := seal.Open(context.Background(), db, folder); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(folder, "keys", "master.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
}

func TestPartsOfAMACCannotBeCutDifferently(t *testing.T) {
	db := databasetest.SQLite(t)
	k, err := seal.Open(context.Background(), db, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if string(k.MAC(seal.Blind, []byte("ab"), []byte("c"))) == string(k.MAC(seal.Blind, []byte("a"), []byte("bc"))) {
		t.Fatal("ab+c equals a+bc")
	}
}
