package published

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// Names of the files of a draw in a bundle.
const (
	BundleDraw = "draw.json"      // the record as published
	BundleFull = "draw-full.json" // the full record, for those who may read it
)

// ErrBundle is a file that holds nothing to be checked.
var ErrBundle = errors.New("not a ZIP file with a draw.json or a log in it")

// About is what a bundle says of itself.
type About struct {
	V            int       `json:"v"`
	Site         string    `json:"site"`
	Consultation string    `json:"consultation"` // "": every one
	MadeAt       time.Time `json:"made_at"`
}

// CheckBundle recomputes what a bundle holds: a draw, or a log with published
// summaries and receipts. The error is one of reading, an ErrBundle among them.
func CheckBundle(ctx context.Context, file string, report Report) error {
	bundle, err := zip.OpenReader(file)
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("%s: %w", file, ErrBundle)
	}
	if err != nil {
		return err
	}
	defer bundle.Close()
	found := false
	for _, check := range []func(context.Context, fs.FS, Report) (bool, error){checkDraw, checkLog} {
		there, err := check(ctx, bundle, report)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		found = found || there
	}
	if !found {
		return fmt.Errorf("%s: %w", file, ErrBundle)
	}
	return nil
}

// checkDraw checks the published record and, where it is there, the full one, which
// must be the one that the published names.
func checkDraw(ctx context.Context, files fs.FS, report Report) (bool, error) {
	var public, full sortition.Record
	found, err := readJSON(files, BundleDraw, &public)
	if err != nil || !found {
		return false, err
	}
	record(ctx, "", public, report)
	found, err = readJSON(files, BundleFull, &full)
	if err != nil || !found {
		return true, err
	}
	for _, f := range verification.CheckFull(ctx, public, full) {
		report("meeting "+full.Meeting, f)
	}
	return true, nil
}

// checkLog checks the log of a bundle with all that stands beside it.
func checkLog(ctx context.Context, files fs.FS, report Report) (bool, error) {
	from := folder{files}
	text, err := from.keys(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	var about About
	if _, err := readJSON(files, FileAbout, &about); err != nil {
		return true, err
	}
	keys, err := verification.ReadKeys(text)
	if err != nil {
		report("", verification.Finding{Fact: verification.FactLogKeys, State: verification.Broken, Detail: err.Error()})
		return true, nil
	}
	report("", verification.Finding{Fact: verification.FactLogKeys, State: verification.Unchecked,
		Detail: "the bundle brings its own key; compare it with the one that the site or a paper notice shows: " + keys.Lines()[0]})
	log, err := run(ctx, keys, "", from, nil, func(f verification.Finding) { report("", f) })
	if err != nil {
		return true, err
	}
	if err := bundleSummaries(files, log, about, report); err != nil {
		return true, err
	}
	return true, bundleReceipts(files, keys, report)
}

func bundleSummaries(files fs.FS, log *verification.Log, about About, report Report) error {
	found, err := fs.ReadDir(files, FolderSummaries)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var slugs []string
	for _, one := range found {
		slugs = append(slugs, one.Name())
		if err := bundleSummary(files, log, about, one.Name(), report); err != nil {
			return err
		}
	}
	for _, slug := range log.Summarised() {
		if about.Consultation != "" && about.Consultation != slug || slices.Contains(slugs, slug) {
			continue
		}
		report("consultation "+slug, verification.Missing(slug))
	}
	return nil
}

func bundleSummary(files fs.FS, log *verification.Log, about About, slug string, report Report) error {
	var published verification.Summary
	there, err := readJSON(files, path.Join(FolderSummaries, slug, FileSummary), &published)
	if err != nil || !there {
		return err
	}
	account, err := files.Open(path.Join(FolderSummaries, slug, FileAccount))
	if err != nil {
		return err
	}
	defer account.Close()
	findings, err := log.CheckSummary(slug, published, account, about.MadeAt)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", FileAccount, slug, err)
	}
	for _, f := range findings {
		report("consultation "+slug, f)
	}
	return nil
}

// bundleReceipts checks proofs that somebody put into the bundle.
func bundleReceipts(files fs.FS, keys verification.Keys, report Report) error {
	names, err := fs.Glob(files, FolderReceipts+"/*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		var p verification.Proof
		if _, err := readJSON(files, name, &p); err != nil {
			return err
		}
		for _, f := range verification.CheckProof(keys, p, "") {
			report("receipt "+strings.TrimSuffix(path.Base(name), ".json"), f)
		}
	}
	return nil
}

func readJSON(files fs.FS, name string, into any) (found bool, err error) {
	file, err := files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	if err := decode(file, into); err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	return true, nil
}

// ReadProof reads a proof that was saved from the API.
func ReadProof(raw []byte) (p verification.Proof, err error) {
	err = json.Unmarshal(raw, &p)
	if err == nil && p.Checkpoint == "" {
		err = errors.New("it has no checkpoint")
	}
	return p, err
}
