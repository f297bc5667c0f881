package server_test

import (
	"bufio"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "guangyi/"

// ladder is who may import whom: a package imports only rungs below its own. A
// package of the same rung is another room, and not to be entered.
var ladder = [][]string{
	{"platform"},
	{"similarity", "sortition", "personal"},
	{"audit"},
	{"access", "register", "notice", "challenge"},
	{"organisation"},
	{"account", "attachment"},
	{"procedure", "draft"},
	{"consultation"},
	{"availability", "submission"},
	{"moderation"},
	{"survey", "desk", "mailbox", "referral", "bulk"},
	{"adoption"},
	{"representative"},
	{"meeting"},
	{"selection"},
	{"invitation"},
	{"sitting"},
	{"decision"},
	{"report", "search", "verification"},
	{"site"},
	{"demo", "server"},
}

var forbiddenNames = map[string]bool{"util": true, "utils": true, "common": true, "helper": true, "helpers": true,
	"model": true, "models": true, "base": true, "types": true}

type source struct {
	file    string
	pkg     string // path below the module, such as internal/draft/outline
	name    string
	imports []string
}

func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var out []source
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "data" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		s := source{file: filepath.ToSlash(rel), pkg: filepath.ToSlash(filepath.Dir(rel)), name: f.Name.Name}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d Go files were found below %s", len(out), root)
	}
	return out
}

// rung gives the place of a package below internal/ on the ladder; -1: not on it.
func rung(pkg string) (room string, at int) {
	rest, ok := strings.CutPrefix(pkg, "internal/")
	if !ok {
		return "", -1
	}
	room, _, _ = strings.Cut(rest, "/")
	for i, rooms := range ladder {
		for _, r := range rooms {
			if r == room {
				return room, i
			}
		}
	}
	return room, -1
}

func isWeb(pkg string) bool {
	return strings.HasPrefix(pkg, "internal/") && strings.HasSuffix(pkg, "web") && pkg != "internal/platform/web"
}

func TestPackagesImportOnlyLowerRungs(t *testing.T) {
	for _, s := range sources(t) {
		room, at := rung(s.pkg)
		if at < 0 || strings.HasSuffix(s.file, "_test.go") {
			continue
		}
		for _, path := range s.imports {
			target, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			checkImport(t, s, room, at, target)
		}
	}
}

func checkImport(t *testing.T, s source, room string, at int, target string) {
	t.Helper()
	if strings.HasPrefix(target, "views") {
		if !isWeb(s.pkg) && room != "server" && room != "demo" {
			t.Errorf("%s imports %s: only the web packages and server show pages", s.file, target)
		}
		return
	}
	other, below := rung(target)
	if other == room {
		return
	}
	if below < 0 {
		if !strings.HasPrefix(target, "policies") && !strings.HasPrefix(target, "migrations") {
			t.Errorf("%s imports %s, which is on no rung of the ladder", s.file, target)
		}
		return
	}
	if below >= at {
		t.Errorf("%s (%s) imports %s, which is not below it", s.file, room, target)
	}
	if isWeb(target) && room != "server" {
		t.Errorf("%s imports the pages of another capability: %s", s.file, target)
	}
	if target == "internal/platform/web" && !isWeb(s.pkg) && room != "server" {
		t.Errorf("%s knows HTTP: %s", s.file, target)
	}
}

func TestViewsKnowNoWeb(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.pkg, "views/") || strings.HasSuffix(s.file, "_test.go") {
			continue
		}
		for _, path := range s.imports {
			target, _ := strings.CutPrefix(path, module)
			if target == "internal/platform/web" || isWeb(target) || strings.Contains(path, "gofiber") || strings.Contains(path, "gorm.io") {
				t.Errorf("%s imports %s: a page only shows", s.file, path)
			}
		}
	}
}

func TestFiberAndGormStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.file, "_test.go") || strings.Contains(s.pkg, "/bench") {
			continue
		}
		for _, path := range s.imports {
			if strings.Contains(path, "gofiber/fiber") && s.pkg != "internal/platform/web" && !isWeb(s.pkg) && s.pkg != "internal/server" {
				t.Errorf("%s imports fiber", s.file)
			}
			if strings.HasPrefix(path, "gorm.io/") && (isWeb(s.pkg) || strings.HasPrefix(s.pkg, "views") || strings.HasPrefix(s.pkg, "cmd")) {
				t.Errorf("%s imports gorm", s.file)
			}
		}
	}
}

func TestNoFileGrowsTooLongAndNoPackageIsADrawer(t *testing.T) {
	for _, s := range sources(t) {
		if forbiddenNames[s.name] {
			t.Errorf("%s: a package named %s says nothing of what it holds", s.file, s.name)
		}
		if strings.HasSuffix(s.file, "_templ.go") {
			continue
		}
		if n := lines(t, filepath.Join("../..", s.file)); n > 500 {
			t.Errorf("%s has %d lines; more than 500 is two files", s.file, n)
		}
	}
}

func lines(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		n++
	}
	return n
}
