// Command run starts a private PostgreSQL cluster, runs a command that finds
// its address in GUANGYI_TEST_POSTGRES, and stops the cluster when the command
// has ended, failed or was interrupted. It exits as the command did, and with 1
// when the command left a process behind.
//
//	run [-durable] go test ./...
//	run -find
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"guangyi/internal/platform/database/cluster"
)

func main() {
	durable := flag.Bool("durable", false, "keep fsync on, for measurements")
	find := flag.Bool("find", false, "print where PostgreSQL's programs are, or what to install, and exit")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: run [-durable] COMMAND [ARGUMENT…]\n       run -find\nexample: run go test ./...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *find {
		os.Exit(report(cluster.Find(context.Background())))
	}
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	code, err := run(cluster.Settings{Durable: *durable}, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func report(folder string, err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(folder)
	return 0
}

func run(settings cluster.Settings, command []string) (code int, err error) {
	adoptOrphans()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	server, err := cluster.Start(context.Background(), settings)
	if err != nil {
		return 1, err
	}
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.Env = append(os.Environ(), cluster.Variable+"="+server.Address())
	code, err = follow(child, signals)
	return code, errors.Join(err, server.Stop(), leftovers())
}

// follow runs the command and hands on the signals that end it. The terminal
// sends its interrupt to the whole group, the command included.
func follow(child *exec.Cmd, signals <-chan os.Signal) (int, error) {
	if err := child.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = child.Process.Signal(s) // it may have ended in this moment
		case err := <-ended:
			var exit *exec.ExitError
			switch {
			case errors.As(err, &exit) && exit.ExitCode() > 0:
				return exit.ExitCode(), nil
			case err != nil:
				return 1, fmt.Errorf("%s: %w", child.Path, err)
			}
			return 0, nil
		}
	}
}
