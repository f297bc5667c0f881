package sheet

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func writeFile(path string, content []byte) error { return os.WriteFile(path, content, 0o600) }

// live is what is reachable now, in bytes.
func live() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// manyRows hold some 70 MB of text; flat is what may be live in mid-file, of
// which 16 to 24 MiB is the buffer that excelize fills before it writes to disk.
const (
	manyRows = 200_000
	flat     = 28 << 20
)

func TestMemoryStaysFlat(t *testing.T) {
	for _, format := range []Format{CSV, XLSX, JSONL} {
		t.Run(string(format), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "many"+format.Extension())
			before := live()
			if peak := writeMany(t, path, format); peak > before+flat {
				t.Errorf("writing %d rows holds %d bytes", manyRows, peak-before)
			}
			before = live()
			if peak := readMany(t, path); peak > before+flat {
				t.Errorf("reading %d rows holds %d bytes", manyRows, peak-before)
			}
		})
	}
}

func text(i int) string {
	return fmt.Sprintf("第%d条：", i%300) + strings.Repeat("建议把“应当”改为“可以”，另附材料若干，请予考虑。", 5)
}

func writeMany(t *testing.T, path string, format Format) (peak uint64) {
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	row := jsonlWriter(out)
	end := out.Flush
	if format != JSONL {
		w, err := NewWriter(out, format, []string{"n", "text"})
		if err != nil {
			t.Fatal(err)
		}
		row, end = w.Write, func() error {
			if err := w.Close(); err != nil {
				return err
			}
			return out.Flush()
		}
	}
	for i := range manyRows {
		if err := row(i, text(i)); err != nil {
			t.Fatal(err)
		}
		if i%(manyRows/4) == manyRows/5 {
			peak = max(peak, live())
		}
	}
	peak = max(peak, live())
	if err := end(); err != nil {
		t.Fatal(err)
	}
	return peak
}

func jsonlWriter(w io.Writer) func(...any) error {
	return func(values ...any) error {
		_, err := fmt.Fprintf(w, "{\"n\":%d,\"text\":%q}\n", values...)
		return err
	}
}

func readMany(t *testing.T, path string) (peak uint64) {
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows := 0
	err = All(r, func(row Row) error {
		if got := row.Value("text"); got != text(rows) {
			return fmt.Errorf("row %d holds %q", rows, got)
		}
		if rows++; rows%(manyRows/4) == manyRows/5 {
			peak = max(peak, live())
		}
		return nil
	}, func(bad *RowError) error { return bad })
	if err != nil || rows != manyRows {
		t.Fatalf("%d rows, error %v", rows, err)
	}
	return peak
}
