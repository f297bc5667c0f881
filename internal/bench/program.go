package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// program is a running guangyi over a folder of its own.
type program struct {
	binary, folder, address string
	env                     []string
	cmd                     *exec.Cmd
	database                int // first process of PostgreSQL, 0 for the embedded one
	slug                    string
	officer, reviewer       string // tokens
}

// newProgram chooses folder and port; database empty is the embedded one.
func newProgram(o options, database string) (*program, error) {
	binary, err := filepath.Abs(o.program)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(binary); err != nil {
		return nil, fmt.Errorf("%s is missing: run make build", o.program)
	}
	folder, err := os.MkdirTemp("", "guangyi-bench-")
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	p := &program{binary: binary, folder: folder, address: l.Addr().String()}
	p.env = append(os.Environ(), "GUANGYI_LISTEN="+p.address, "GUANGYI_DATA="+folder, "DATABASE_URL="+database,
		"GUANGYI_RATE_LIMIT=off", "GUANGYI_CHALLENGE=off", "GUANGYI_LANG=zh-CN")
	return p, nil
}

// start serves; cache is on or off.
func (p *program) start(ctx context.Context, cache string) error {
	p.cmd = exec.CommandContext(ctx, p.binary, "serve", "--migrate")
	p.cmd.Env = append(p.env, "GUANGYI_PAGE_CACHE="+cache)
	p.cmd.Stderr = os.Stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for range 600 {
		resp, err := http.Get("http://" + p.address + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == 200 {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the program did not become ready")
}

func (p *program) stop() error {
	if p.cmd == nil || p.cmd.Process == nil {
		return nil
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

func (p *program) restart(ctx context.Context, cache string) error {
	if err := p.stop(); err != nil {
		return err
	}
	return p.start(ctx, cache)
}

func (p *program) remove() { _ = os.RemoveAll(p.folder) }

func (p *program) serving() server { return server{p.cmd.Process.Pid, p.database} }

// cli runs another command on the same settings and gives its last word.
func (p *program) cli(input string, args ...string) (string, error) {
	cmd := exec.Command(p.binary, args...)
	cmd.Env, cmd.Stdin = p.env, strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("guangyi %s: %s", strings.Join(args, " "), errs.String())
	}
	words := strings.Fields(out.String())
	if len(words) == 0 {
		return "", nil
	}
	return words[len(words)-1], nil
}

const draftText = "# 试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n\n第二条 任何人可以提出意见。\n\n第三条 本办法自公布之日起施行。\n"

// prepare makes an organisation with two people and an open consultation, by
// command line and API as an outside program would.
func (p *program) prepare() error {
	if _, err := p.cli("", "org", "add", "--slug", "bench", "--name", "基准局"); err != nil {
		return err
	}
	var err error
	if p.officer, err = p.person("officer", "read", "write"); err != nil {
		return err
	}
	if p.reviewer, err = p.person("reviewer", "read", "review", "publish"); err != nil {
		return err
	}
	file := filepath.Join(p.folder, "draft.md")
	if err := os.WriteFile(file, []byte(draftText), 0o600); err != nil {
		return err
	}
	p.slug, err = p.cli("", "import", "draft", "--org", "bench", file)
	return err
}

func (p *program) person(role string, scopes ...string) (token string, err error) {
	mail := role + "@bench.example"
	if _, err := p.cli("correct horse battery "+role+"\n", "user", "add", "--email", mail, "--role", role, "--org", "bench", "--password-stdin"); err != nil {
		return "", err
	}
	args := []string{"token", "add", "--name", role, "--org", "bench", "--user", mail}
	for _, s := range scopes {
		args = append(args, "--scope", s)
	}
	return p.cli("", args...)
}

// open lets the consultation run for a month from now.
func (p *program) open() error {
	now := time.Now().UTC()
	notice := map[string]any{"title": "试行办法", "background": "背景", "explanation": "说明", "contact": "contact@bench.example",
		"channels": []string{"web", "api"}, "comments_public": "at_once",
		"opens_at": now.Add(-time.Second).Format(time.RFC3339), "closes_at": now.Add(30 * 24 * time.Hour).Format(time.RFC3339)}
	url := "/api/v1/consultations/" + p.slug
	if err := p.call(http.MethodPatch, url, p.officer, notice); err != nil {
		return err
	}
	if err := p.call(http.MethodPost, url+"/events", p.officer, map[string]any{"event": "submit"}); err != nil {
		return err
	}
	return p.call(http.MethodPost, url+"/events", p.reviewer, map[string]any{"event": "approve"})
}

func (p *program) call(method, path, token string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(method, "http://"+p.address+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 2000))
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, text)
	}
	return nil
}

func (p *program) get(path string) ([]byte, error) {
	resp, err := http.Get("http://" + p.address + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 {
		return nil, fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return io.ReadAll(resp.Body)
}
