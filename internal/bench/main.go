// Command bench measures the program against baselines in the same run and
// prints ratios (goals, rows 1 to 5, 9 and 10). It is started by `make bench`, which lends
// it a private PostgreSQL with fsync. Load generator, program and database share
// the machine; the load of everything else on it is printed beside each window.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// options are the bench's own.
type options struct {
	seconds     time.Duration
	rounds      int
	large       int
	imported    int
	ids         bool
	rows        string
	connections int
	program     string
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == serveWord {
		exit(serveBaseline(os.Args[2]))
		return
	}
	var o options
	flag.DurationVar(&o.seconds, "window", 4*time.Second, "length of one window")
	flag.IntVar(&o.rounds, "rounds", 3, "interleaved rounds; medians are reported")
	flag.IntVar(&o.large, "large", 1_000_000, "comments of the full consultation in row 2")
	flag.IntVar(&o.imported, "imported", 1_000_000, "rows of the table in row 5")
	flag.BoolVar(&o.ids, "ids", false, "rows of the table in row 5 have ids of their own")
	flag.StringVar(&o.rows, "rows", "1,2,3,4,5,9,10", "rows to measure")
	flag.IntVar(&o.connections, "connections", 16, "connections of the load generator")
	flag.StringVar(&o.program, "program", "bin/guangyi", "the program under test")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	fmt.Printf("%s, %s/%s, %d cores, %s\n\n", time.Now().Format("2006-01-02 15:04"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	out := &report{}
	want := func(row string) bool { return strings.Contains(","+o.rows+",", ","+row+",") }
	if want("1") || want("2") || want("3") || want("4") {
		if err := measurePostgres(ctx, o, want, out); err != nil {
			return err
		}
	}
	if want("1") {
		if err := measureSQLite(ctx, o, out); err != nil {
			return err
		}
	}
	if want("5") {
		if err := measureImport(ctx, o, out); err != nil {
			return err
		}
	}
	if want("9") {
		if err := measureKills(ctx, out); err != nil {
			return err
		}
	}
	if want("10") {
		if err := measureSelection(ctx, o, out); err != nil {
			return err
		}
	}
	out.notMeasured(want)
	out.print(os.Stdout)
	return nil
}
