package browsertest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Violation is one rule of accessibility that a page breaks.
type Violation struct {
	ID      string `json:"id"`
	Impact  string `json:"impact"`
	Help    string `json:"help"`
	HelpURL string `json:"helpUrl"`
	Nodes   []Node `json:"nodes"`
}

// Node is one place where it does.
type Node struct {
	HTML    string `json:"html"`
	Target  []any  `json:"target"`
	Summary string `json:"failureSummary"`
}

// String is rule, help and places, for a test's message.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, node := range v.Nodes {
		fmt.Fprintf(&b, "\n  %v %s\n    %s", node.Target, node.HTML, strings.ReplaceAll(node.Summary, "\n", "\n    "))
	}
	return b.String()
}

// ErrNoAxe says that axe-core is not installed, and the cure.
var ErrNoAxe = errors.New("axe-core is missing: run `npm ci --ignore-scripts` in views/assets, or `make assets`")

var axeSource = sync.OnceValues(func() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(root, "views", "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("%w (%w)", ErrNoAxe, err)
	}
	return string(source), nil
})

// repository is the folder above the test's that holds go.mod.
func repository() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	return "", errors.Join(err, errors.New("the test does not run inside the repository"))
}

// runAxe is evaluated through the devtools protocol, where the page's content
// policy does not hinder it.
const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`

// Axe examines the page that a tab shows by all of axe-core's standard rules.
// axe needs promises and timers; where scripts are off they are switched on
// while it runs. The page's own scripts, passed over while it loaded, still do
// not run, so that axe sees what a reader without scripts sees.
func Axe(t testing.TB, tab *Tab) []Violation {
	t.Helper()
	source, err := axeSource()
	if err != nil {
		t.Fatal(err)
	}
	tab.scripts(true)
	defer tab.scripts(!tab.noScript)
	var violations []Violation
	tab.Evaluate(source+"\n;0", nil)
	tab.Evaluate(runAxe, &violations)
	return violations
}

// NoViolations fails the test for each rule that the page breaks.
func NoViolations(t testing.TB, tab *Tab) {
	t.Helper()
	for _, violation := range Axe(t, tab) {
		t.Errorf("%s\n%s", tab.where(), violation)
	}
}
