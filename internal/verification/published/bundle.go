package published

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// Names of the files in a bundle.
const (
	BundleDraw = "draw.json"      // the record as published
	BundleFull = "draw-full.json" // the full record, for those who may read it
)

// ErrBundle is a file that holds nothing to be checked.
var ErrBundle = errors.New("not a ZIP file with a draw.json in it")

// CheckBundle recomputes what a bundle holds: the published record and, where it
// is there, the full one, which must be the one that the published names. The
// error is one of reading, an ErrBundle among them.
func CheckBundle(ctx context.Context, path string, report Report) error {
	bundle, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("%s: %w", path, ErrBundle)
	}
	if err != nil {
		return err
	}
	defer bundle.Close()
	public, found, err := read(bundle, BundleDraw)
	if err == nil && !found {
		err = ErrBundle
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	record(ctx, "", public, report)
	full, found, err := read(bundle, BundleFull)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if !found {
		return nil
	}
	for _, f := range verification.CheckFull(ctx, public, full) {
		report(full.Meeting, f)
	}
	return nil
}

func read(bundle *zip.ReadCloser, name string) (r sortition.Record, found bool, err error) {
	file, err := bundle.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	defer file.Close()
	if err := decode(file, &r); err != nil {
		return r, false, fmt.Errorf("%s: %w", name, err)
	}
	return r, true, nil
}
