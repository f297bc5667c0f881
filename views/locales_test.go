package views_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"guangyi/views"
)

var variable = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// message is a key's text in one language, all plural forms together.
type message struct {
	file string
	text string
	one  bool
}

func catalogue(t *testing.T, tag string) map[string]message {
	t.Helper()
	out := map[string]message{}
	names, err := fs.Glob(views.Locales, "locales/"+tag+"/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue for %s: %v", tag, err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(views.Locales, name)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for k, v := range m {
			if _, twice := out[k]; twice {
				t.Errorf("%s: %q stands twice", name, k)
			}
			out[k] = words(filepath.Base(name), v)
		}
	}
	return out
}

func words(file string, v any) message {
	if s, ok := v.(string); ok {
		return message{file: file, text: s}
	}
	m := message{file: file}
	forms, _ := v.(map[string]any)
	for form, text := range forms {
		m.one = m.one || form == "one"
		s, _ := text.(string)
		m.text += s + "\n"
	}
	return m
}

func variables(text string) string {
	seen := map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
	}
	var names []string
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

func TestBothLanguagesHoldTheSameMessages(t *testing.T) {
	zh, en := catalogue(t, "zh-CN"), catalogue(t, "en")
	for key, m := range zh {
		other, there := en[key]
		switch {
		case !there:
			t.Errorf("en lacks %q (%s)", key, m.file)
		case m.file != other.file:
			t.Errorf("%q stands in %s and, in English, in %s", key, m.file, other.file)
		case variables(m.text) != variables(other.text):
			t.Errorf("%q takes {%s} in Chinese and {%s} in English", key, variables(m.text), variables(other.text))
		}
		if strings.TrimSpace(m.text) == "" && !strings.HasSuffix(key, "_gap") { // a gap is what stands between two words
			t.Errorf("%q is empty in Chinese", key)
		}
	}
	for key, m := range en {
		if _, there := zh[key]; !there {
			t.Errorf("zh-CN lacks %q (%s)", key, m.file)
		}
		if strings.Contains(m.text, "{{.count}}") && !m.one && strings.Contains(m.text, "{{.count}} ") {
			t.Errorf("%q counts something in English and has no form for one", key)
		}
	}
}

// Words that pages/README rules out for Chinese and for English.
var avoided = []string{"！", "请注意", "温馨提示", "抱歉", "非法输入", "操作失败", "系统错误", "点击此处",
	"successfully", "please note", "click here", "Oops"}

func TestMessagesAddressPeoplePlainly(t *testing.T) {
	for _, tag := range []string{"zh-CN", "en"} {
		for key, m := range catalogue(t, tag) {
			for _, word := range avoided {
				if strings.Contains(strings.ToLower(m.text), strings.ToLower(word)) {
					t.Errorf("%s %q says %q", tag, key, word)
				}
			}
		}
	}
}

// used finds message keys written out in the sources; keys put together at run
// time end in a dot there and are taken as prefixes.
var used = regexp.MustCompile(`(?:\bT|Message)\((?:[a-zA-Z.]+, )?"([a-z][a-z0-9_.-]*)"`)

func TestEveryMessageThatThePagesUseIsThere(t *testing.T) {
	zh := catalogue(t, "zh-CN")
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "node_modules" || d.Name() == ".git") {
				return filepath.SkipDir
			}
			return err
		}
		isSource := strings.HasSuffix(path, ".templ") || (strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go") && !strings.HasSuffix(path, "_test.go"))
		if !isSource {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			key := m[1]
			if strings.Contains(m[0], "Message(") {
				key = "error." + key
			}
			if !known(zh, key, strings.HasSuffix(key, ".")) {
				t.Errorf("%s uses %q, which no catalogue holds", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func known(catalogue map[string]message, key string, prefix bool) bool {
	if !prefix {
		_, ok := catalogue[key]
		return ok
	}
	for k := range catalogue {
		if strings.HasPrefix(k, key) {
			return true
		}
	}
	return false
}
