package sittingweb_test

import (
	"io"
	"net"
	"sync"
)

// line is the cable between browsers and the site. Pulled out, it drops what runs
// and lets nothing through, for pages and for the worker behind them alike.
type line struct {
	mu     sync.Mutex
	pulled bool
	live   map[net.Conn]bool
}

// lay puts the cable before an address and gives the address at its other end.
func (l *line) lay(to string) (string, error) {
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	l.live = map[net.Conn]bool{}
	go func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			go l.carry(c, to)
		}
	}()
	return in.Addr().String(), nil
}

func (l *line) carry(c net.Conn, to string) {
	defer c.Close()
	if !l.plug(c) {
		return
	}
	out, err := net.Dial("tcp", to)
	if err != nil || !l.plug(out) {
		return
	}
	defer out.Close()
	go func() { _, _ = io.Copy(out, c); out.Close() }()
	_, _ = io.Copy(c, out)
}

func (l *line) plug(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.pulled {
		l.live[c] = true
	}
	return !l.pulled
}

// pull takes the cable out, or puts it in again.
func (l *line) pull(out bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pulled = out
	if !out {
		return
	}
	for c := range l.live {
		c.Close()
	}
	clear(l.live)
}
