// Package ids makes identifiers: 63-bit numbers that grow with time and are
// unique over all processes that share a database.
//
// The layout follows Snowflake (Twitter, 2010): 41 bits of milliseconds since
// 2024, 13 bits of node, 9 bits of sequence. The node number is handed out by
// the database, one per start of a process.
package ids

import (
	"strconv"
	"sync"
	"time"
)

const (
	nodeBits     = 13
	sequenceBits = 9
	// Nodes is the number of distinct node numbers; later starts begin again at 0.
	Nodes = 1 << nodeBits
)

var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// Generator makes identifiers. It is safe for concurrent use.
type Generator struct {
	mu   sync.Mutex
	node int64
	last int64 // milliseconds since epoch, followed by the sequence
}

// ForNode makes a generator for a node number, taken modulo Nodes.
func ForNode(node int64) *Generator { return &Generator{node: node % Nodes} }

// Next gives the next identifier. When more than 512 are asked for within a
// millisecond, it runs ahead of the clock instead of waiting. It reads the
// machine's clock, not the injected one: a demonstration set back in time must
// not meet numbers that were used.
func (g *Generator) Next() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := (time.Now().UnixMilli() - epoch) << sequenceBits
	if now <= g.last {
		now = g.last + 1
	}
	g.last = now
	ms, seq := now>>sequenceBits, now&(1<<sequenceBits-1)
	return ms<<(nodeBits+sequenceBits) | g.node<<sequenceBits | seq
}

// Format writes an identifier as the API shows it.
func Format(id int64) string { return strconv.FormatInt(id, 10) }

// Parse reads an identifier; ok is false for anything but a positive number.
func Parse(s string) (id int64, ok bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0
}

// Made is when an identifier was made, by the machine's clock, to the millisecond.
func Made(id int64) time.Time {
	return time.UnixMilli(epoch + id>>(nodeBits+sequenceBits)).UTC()
}
