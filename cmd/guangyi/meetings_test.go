package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// past is a table of meetings as a participation platform publishes it.
const past = "ID de cita,Títol,Descripció,Data,Adreça,Districte,Categoria,Subcategoria,Assistents,Propostes,Intervencions,URL\n" +
	"4,Consells de barri del Gòtic,\"Treball de\nles propostes\",09/02/2016,Carrer del Regomir 3,Ciutat Vella,Bon govern,Participació,79,25,30,https://decidim.barcelona/meetings/consells-de-barri-del-gotic\n" +
	"7,Raval,,31/02/2016,,,,,1,13,2,\n" +
	"8,Besòs,,11/03/2016,,,,,many,13,2,\n"

func TestPastMeetingsComeInAndBadRowsAreNamedOnStandardError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "meetings.csv")
	if err := os.WriteFile(file, []byte(past), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GUANGYI_DATA", t.TempDir())
	if status, _, errs := guangyi(t, nil, "org", "add", "--slug", "barcelona", "--name", "Ajuntament"); status != 0 {
		t.Fatalf("org add: %d %s", status, errs)
	}
	status, out, errs := guangyi(t, nil, "import", "meetings", "--org", "barcelona", file)
	if status != 0 || strings.TrimSpace(out) != "rows 3, taken 1, repeated 0, refused 2" {
		t.Fatalf("import: %d %q %q", status, out, errs)
	}
	for _, line := range []string{"line 4, column 4 (Data): ", "line 5, column 9 (Assistents): "} {
		if !strings.Contains(errs, line) {
			t.Errorf("%q lacks %q", errs, line)
		}
	}
	if _, out, _ := guangyi(t, nil, "import", "meetings", "--org", "barcelona", file); !strings.Contains(out, "taken 0, repeated 1") {
		t.Errorf("again: %q", out)
	}
	if status, _, errs := guangyi(t, nil, "import", "meetings", "--org", "nowhere", file); status != 1 || !strings.Contains(errs, "nowhere") {
		t.Errorf("an unknown organisation: %d %q", status, errs)
	}
	status, out, _ = guangyi(t, nil, "export", "representatives", "--meeting", "consells-de-barri-del-gotic", "--format", "json", "-o", "-")
	if status != 0 || strings.TrimSpace(out) != "[]" {
		t.Errorf("a meeting that nobody applied to: %d %q", status, out)
	}
}

func TestAnExportNamesWhatItIsOf(t *testing.T) {
	for _, args := range [][]string{{"representatives", "--consultation", "x"}, {"summary", "--meeting", "x"}} {
		status, _, errs := guangyi(t, nil, append([]string{"export", "-o", "-"}, args...)...)
		if status != exitUsage || !strings.Contains(errs, "--") {
			t.Errorf("%v: %d %q", args, status, errs)
		}
	}
}
