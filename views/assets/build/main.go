// Command build makes the style sheet and the script of the site: Sass first,
// then esbuild, then names with a hash and compressed forms beside them.
// It needs Node only for Sass; run it from the repository's root:
//
//	go run ./views/assets/build
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"guangyi/views/assets"
)

func main() {
	dir := flag.String("dir", filepath.Join("views", "assets"), "folder of the assets")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	if err := install(dir); err != nil {
		return err
	}
	built := map[string][]byte{}
	css, err := style(dir, "site")
	if err != nil {
		return err
	}
	built["site.css"] = css
	for _, name := range scripts {
		js, err := script(dir, name)
		if err != nil {
			return err
		}
		built[name+".js"] = js
	}
	seal, err := os.ReadFile(filepath.Join(dir, "src", "seal.svg"))
	if err != nil {
		return err
	}
	built["seal.svg"] = seal
	return write(filepath.Join(dir, "dist"), built)
}

// scripts are the site's own, that of a meeting's day, which no other page needs,
// and the worker that forms without an account start.
var scripts = []string{"site", "day", "work", "desk"}

// install fetches Sass and the components when they are not there yet.
func install(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "sass")); err == nil {
		return nil
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w (Node 20 or later builds the style sheets)", dir, err)
	}
	return nil
}

func style(dir, name string) ([]byte, error) {
	var out, fault bytes.Buffer
	cmd := exec.Command(filepath.Join("node_modules", ".bin", "sass"),
		"--no-source-map", "--quiet-deps", "--load-path=node_modules/govuk-frontend/dist",
		filepath.Join("src", "scss", name+".scss"))
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &fault
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("sass: %w\n%s", err, fault.String())
	}
	result := api.Transform(prune(out.String()), api.TransformOptions{
		Loader: api.LoaderCSS, MinifyWhitespace: true, MinifySyntax: true, Charset: api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone,
		Engines:       engines,
	})
	return result.Code, faults(result.Errors)
}

// engines are the oldest browsers whose syntax the build keeps to.
var engines = []api.Engine{
	{Name: api.EngineChrome, Version: "87"}, {Name: api.EngineSafari, Version: "14"}, {Name: api.EngineFirefox, Version: "85"},
}

func script(dir, name string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "src", "js", name+".js")},
		Bundle:      true, Format: api.FormatESModule, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Target: api.ES2020, LegalComments: api.LegalCommentsNone,
	})
	if err := faults(result.Errors); err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

func faults(messages []api.Message) error {
	if len(messages) == 0 {
		return nil
	}
	lines := api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New(strings.Join(lines, "\n"))
}

func write(dist string, built map[string][]byte) error {
	if err := clear(dist); err != nil {
		return err
	}
	manifest := assets.Manifest{}
	for plain, body := range built {
		name := hashed(plain, body)
		manifest[plain] = name
		if err := compressed(filepath.Join(dist, name), body); err != nil {
			return err
		}
	}
	raw, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	// The manifest comes last: a build that was cut short counts as missing.
	return os.WriteFile(filepath.Join(dist, "manifest.json"), raw, 0o644)
}

func hashed(plain string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := filepath.Ext(plain)
	return strings.TrimSuffix(plain, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
}

func compressed(path string, body []byte) error {
	if err := os.WriteFile(path, body, 0o644); err != nil {
		return err
	}
	var br, gz bytes.Buffer
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	g, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if _, err := b.Write(body); err != nil {
		return err
	}
	if _, err := g.Write(body); err != nil {
		return err
	}
	if err := errors.Join(b.Close(), g.Close()); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(path+".br", br.Bytes(), 0o644),
		os.WriteFile(path+".gz", gz.Bytes(), 0o644),
	)
}

// clear removes an older build and keeps the mark that holds the folder.
func clear(dist string) error {
	entries, err := os.ReadDir(dist)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Name() == ".keep" {
			continue
		}
		if err := os.Remove(filepath.Join(dist, e.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(dist, 0o755)
}
