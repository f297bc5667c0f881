// Command guangyi carries a public consultation the whole way: from a draft to
// the published account of what became of each comment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"

	"guangyi/internal/platform/config"
	"guangyi/internal/platform/filetext"
	"guangyi/internal/server"
)

// version is set by the build.
var version = "dev"

// Exit statuses of the contract.
const (
	exitFailed = 1
	exitUsage  = 2
)

// program is the command line. Flags win over the environment, that over .env.
type program struct {
	config.Settings `group:"Settings (also as environment variables or in .env)"`

	Serve    serveCommand     `cmd:"" help:"Serve the site."`
	Migrate  migrateCommand   `cmd:"" help:"Bring the schema up, take its newest step back, or show where it stands."`
	Org      orgCommand       `cmd:"" help:"Organisations."`
	User     userCommand      `cmd:"" help:"Accounts."`
	Token    tokenCommand     `cmd:"" help:"API tokens."`
	Import   importCommand    `cmd:"" help:"Bring in a draft, or submissions in bulk."`
	Export   exportCommand    `cmd:"" help:"Write a summary or submissions to a file."`
	Parse    parseCommand     `cmd:"" help:"Show a document's provisions as the importer sees them."`
	Draw     drawCommand      `cmd:"" help:"Draw a panel fairly from a file of people."`
	Register registerCommand  `cmd:"" help:"The public register: its keys."`
	Verify   verifyCommand    `cmd:"" help:"Recompute what a site has published, from the public data alone."`
	Version  kong.VersionFlag `help:"Show the version and end."`
}

// console is where a command reads and writes: results on Out, all else on Err.
type console struct {
	ctx      context.Context
	In       io.Reader
	Out, Err io.Writer
	settings *config.Settings
}

// reading lets the server take texts out of files by this program itself, started
// again for each: only a process that is this program can.
var reading []server.Option

// usageError is a wrong call that kong could not see; it ends with status 2.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func main() {
	if filetext.IsChild() { // started by the server to read one file
		os.Exit(filetext.Main(os.Args[len(os.Args)-1], os.Stdin, os.Stdout))
	}
	if self, err := os.Executable(); err == nil {
		reading = append(reading, server.ReadingFilesWith(filetext.Child{Command: []string{self}}))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process: what it returns is the exit status.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (status int) {
	if err := godotenv.Load(); err != nil && !errors.Is(err, os.ErrNotExist) {
		fmt.Fprintf(errs, "guangyi: the file .env cannot be read: %v\n", err)
		return exitUsage
	}
	var p program
	ended := -1
	parser, err := kong.New(&p, kong.Name("guangyi"), kong.Description("集思广益: public consultations, from the draft to the answer."),
		kong.UsageOnError(), kong.Writers(out, errs), kong.Vars{"version": version},
		kong.Exit(func(code int) { ended = code; panic(exit{}) }))
	if err != nil {
		fmt.Fprintf(errs, "guangyi: %v\n", err)
		return exitFailed
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(exit); !ours {
				panic(r)
			}
			status = ended
		}
	}()
	command, err := parser.Parse(args)
	var wrong *config.Fault
	if errors.As(err, &wrong) { // kong has the settings validated too
		fmt.Fprintf(errs, "guangyi: %v\n", wrong)
		return exitUsage
	}
	if err != nil {
		fmt.Fprintf(errs, "guangyi: %v\nSee guangyi --help, or --help behind a command for an example.\n", err)
		return exitUsage
	}
	if err := p.Settings.Validate(); err != nil {
		fmt.Fprintf(errs, "guangyi: %v\n", err)
		return exitUsage
	}
	c := &console{ctx: ctx, In: in, Out: out, Err: errs, settings: &p.Settings}
	return c.report(command.Run(c))
}

// exit is how kong's wish to end (--help, --version) comes back to run.
type exit struct{}

func (c *console) report(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(c.Err, "guangyi: %s\n", c.word(err))
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}
