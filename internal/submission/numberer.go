package submission

import (
	"context"

	"guangyi/internal/platform/database"
)

// numberBlock is how many receipt numbers one process takes at a time, so that
// the counter costs nothing. Numbers of a block that was not used up are lost.
const numberBlock = 256

// numberer hands out receipt numbers. It is for one goroutine.
type numberer struct {
	db     *database.DB
	blocks map[int]block
}

type block struct{ next, end int64 } // next ≤ n < end are free

const takeNumbers = "INSERT INTO receipt_blocks (year, value) VALUES ($1, $2)" +
	" ON CONFLICT (year) DO UPDATE SET value = receipt_blocks.value + excluded.value RETURNING value"

// give sets the number of every row that has none, in the order of the rows.
func (n *numberer) give(ctx context.Context, rows []*row) error {
	for i, r := range rows {
		if r.receipt != "" {
			continue
		}
		year := r.receivedAt.Year()
		b := n.blocks[year]
		if b.next == b.end {
			size := int64(max(numberBlock, len(rows)-i))
			var last int64
			if err := n.db.Writer().QueryRowContext(ctx, takeNumbers, year, size).Scan(&last); err != nil {
				return err
			}
			b = block{last - size + 1, last + 1}
		}
		r.receipt = Number(year, b.next)
		b.next++
		if n.blocks == nil {
			n.blocks = map[int]block{}
		}
		n.blocks[year] = b
	}
	return nil
}

// numberIn gives one row its number inside a caller's transaction. Nothing is kept
// in memory: should the transaction be undone, so is the counter.
func numberIn(tx *database.Tx, r *row) error {
	var last int64
	err := tx.Raw("INSERT INTO receipt_blocks (year, value) VALUES (?, 1)"+
		" ON CONFLICT (year) DO UPDATE SET value = receipt_blocks.value + 1 RETURNING value", r.receivedAt.Year()).Scan(&last).Error
	r.receipt = Number(r.receivedAt.Year(), last)
	return err
}
