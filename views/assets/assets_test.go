package assets

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAProgramWithoutAssetsSaysTheCure(t *testing.T) {
	_, err := open(fstest.MapFS{".keep": {}})
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "make build") {
		t.Errorf("got %v, want ErrMissing naming make build", err)
	}
}

func TestAddressesCarryTheHash(t *testing.T) {
	set, err := open(fstest.MapFS{
		"manifest.json":     {Data: []byte(`{"site.css":"site-1a2b3c4d.css"}`)},
		"site-1a2b3c4d.css": {Data: []byte("body{}")}, "site-1a2b3c4d.css.br": {Data: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.URL("site.css"); got != "/assets/site-1a2b3c4d.css" {
		t.Errorf("URL = %s", got)
	}
	file, ok := set.File("site-1a2b3c4d.css")
	if !ok || file.ContentType != "text/css; charset=utf-8" || file.Brotli == nil || file.Gzip != nil {
		t.Errorf("File = %+v, %v", file, ok)
	}
	if _, ok := set.File("../assets.go"); ok {
		t.Error("a name outside the built files was found")
	}
}

// An organisation may set its own colour, but nobody's reading may suffer.
func TestAnAccentMustBeReadable(t *testing.T) {
	for colour, good := range map[string]bool{
		"#0e5a63": true, "#8b0000": true, "#1d4f91": true,
		"#ffcc00": false, "#7cc7cf": false, "#777777": false, "0e5a63": false, "#0e5a6": false, "#zzzzzz": false, "": false,
		"#0e5a63;}": false,
	} {
		if err := CheckAccent(colour); (err == nil) != good {
			t.Errorf("CheckAccent(%q) = %v, want accepted: %v", colour, err, good)
		}
	}
}

func TestTheAccentSheetIsReadableInTheDarkToo(t *testing.T) {
	file, ok := (&Set{}).File("accent-8b0000.css")
	if !ok || !strings.Contains(string(file.Body), "--accent:#8b0000") {
		t.Fatalf("no sheet: %s", file.Body)
	}
	_, night, _ := strings.Cut(string(file.Body), "[data-theme=dark]{--accent:")
	c, err := parse(night[:7])
	if err != nil {
		t.Fatal(err)
	}
	ground, _ := parse(darkGround)
	if contrast(c, ground) < 7 {
		t.Errorf("%s on %s has %.2f to 1, want 7", night[:7], darkGround, contrast(c, ground))
	}
	if _, ok := (&Set{}).File("accent-ffff00.css"); ok {
		t.Error("a colour that is too pale got a sheet")
	}
}
