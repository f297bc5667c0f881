package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/gofiber/fiber/v2"
)

// plan is what a baseline serves: a template with its data, or the same bytes
// and 304 to who has them.
type plan struct {
	Template string
	Data     pageData
	Page     []byte
	Tag      string
}

// baseline is a bare fiber server in a process of its own: inside the load
// generator its cost could not be told from the generator's.
type baseline struct {
	cmd  *exec.Cmd
	file string
	url  string
}

// serveWord makes this program a baseline: bench baseline FILE.
const serveWord = "baseline"

func startBaseline(ctx context.Context, p plan) (*baseline, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "guangyi-baseline-*.json")
	if err != nil {
		return nil, err
	}
	b := &baseline{file: f.Name()}
	_, err = f.Write(raw)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = b.start(ctx)
	}
	if err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

func (b *baseline) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b.cmd = exec.CommandContext(ctx, self, serveWord, b.file)
	b.cmd.Stderr = os.Stderr
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := b.cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	b.url = strings.TrimSpace(line)
	return err
}

func (b *baseline) serving() server { return server{program: b.cmd.Process.Pid} }

func (b *baseline) stop() {
	if b.cmd != nil && b.cmd.Process != nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait() // it was killed; there is nothing to learn
	}
	_ = os.Remove(b.file)
}

// serveBaseline is the child: it prints its address and serves until it is ended.
func serveBaseline(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var p plan
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	handler := p.bytes
	if p.Template != "" {
		t, err := template.New("page").Parse(p.Template)
		if err != nil {
			return err
		}
		handler = func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
			return t.Execute(c, p.Data)
		}
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", handler)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/\n", l.Addr())
	return app.Listener(l)
}

func (p plan) bytes(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if c.Get(fiber.HeaderIfNoneMatch) == p.Tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return c.Send(p.Page)
}
