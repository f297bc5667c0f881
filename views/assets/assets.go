// Package assets holds the built style sheet, script and drawings, with their
// compressed forms, and gives them addresses that change with their content.
// They are made by "make build" (go run ./views/assets/build) and embedded.
package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// Prefix is the path under which the files are served.
const Prefix = "/assets/"

// ErrMissing says that the program was built without its style sheets and scripts.
var ErrMissing = errors.New("the program holds no style sheets and scripts; run `make build` and start bin/guangyi")

// File is one built file. Brotli and Gzip are nil when compression gains nothing.
type File struct {
	Name        string // with the hash: site-1a2b3c4d.css
	ContentType string
	Body        []byte
	Brotli      []byte
	Gzip        []byte
}

// Set is all built files. It is immutable and safe for concurrent use.
type Set struct {
	urls  map[string]string // plain name to address
	files map[string]File   // hashed name to file
}

// Manifest is what the build writes beside the files: plain name to hashed name.
type Manifest map[string]string

// Open reads the embedded files; without them it answers ErrMissing.
func Open() (*Set, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return open(sub)
}

func open(files fs.FS) (*Set, error) {
	raw, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, err
	}
	var manifest Manifest
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, fmt.Errorf("assets: manifest: %w", err)
	}
	set := &Set{urls: map[string]string{}, files: map[string]File{}}
	for plain, hashed := range manifest {
		file, err := read(files, hashed)
		if err != nil {
			return nil, fmt.Errorf("assets: %w; run `make build`", err)
		}
		set.urls[plain] = Prefix + hashed
		set.files[hashed] = file
	}
	return set, nil
}

func read(files fs.FS, name string) (File, error) {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return File{}, err
	}
	file := File{Name: name, ContentType: contentType(name), Body: body}
	if b, err := fs.ReadFile(files, name+".br"); err == nil {
		file.Brotli = b
	}
	if b, err := fs.ReadFile(files, name+".gz"); err == nil {
		file.Gzip = b
	}
	return file, nil
}

// URL is the address of a file by its plain name. A name that was not built
// leads to an address that answers 404. Accent sheets have no hash: their
// colour is their name.
func (s *Set) URL(plain string) string {
	if address, ok := s.urls[plain]; ok {
		return address
	}
	return Prefix + plain
}

// File finds a file by the name in its address. Its content never changes under
// that name, so it may be cached for ever.
func (s *Set) File(name string) (File, bool) {
	if file, ok := s.files[name]; ok {
		return file, true
	}
	if colour, ok := accentColour(name); ok {
		return accentSheet(name, colour)
	}
	return File{}, false
}

// Names lists the plain names that were built.
func (s *Set) Names() []string {
	names := make([]string, 0, len(s.urls))
	for name := range s.urls {
		names = append(names, name)
	}
	return names
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

func accentColour(name string) (string, bool) {
	colour, ok := strings.CutPrefix(name, "accent-")
	if !ok {
		return "", false
	}
	colour, ok = strings.CutSuffix(colour, ".css")
	return "#" + colour, ok
}
