package adoption

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// WriteAccount writes the account of a published summary: a line for each
// submission, sorted, with the hash of its leaf in the register and the numbers of
// the suggestions in which its comments lie, one for each comment, parted by
// commas; "-" for a submission that only answered a survey. The register holds the
// file's hash, so that everybody can see each submission accounted for, and nobody
// can see who sent it.
func (s *Service) WriteAccount(ctx context.Context, of Summary, w io.Writer) error {
	return writeAccount(ctx, s.db.Read(ctx), of.ConsultationID, w)
}

// accountInMemory is up to how many submissions an account is kept in memory.
const accountInMemory = 20000

// Account is WriteAccount for a reader who may be slow: it holds no connection to
// the database. A long one lies in a file that has no name any more and is gone
// when it is closed.
func (s *Service) Account(ctx context.Context, of Summary) (io.ReadCloser, error) {
	if of.Counts.Submissions <= accountInMemory {
		var b bytes.Buffer
		err := s.WriteAccount(ctx, of, &b)
		return io.NopCloser(&b), err
	}
	file, err := os.CreateTemp("", "account")
	if err != nil {
		return nil, err
	}
	err = errors.Join(os.Remove(file.Name()), s.WriteAccount(ctx, of, file))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// writeAccount leaves out what the summary does not count: a submission of which a
// comment lies in no suggestion, which only one that came after it can be.
func writeAccount(ctx context.Context, g *gorm.DB, consultation int64, w io.Writer) error {
	rows, err := g.WithContext(ctx).Raw(`SELECT s.leaf_hash, CASE WHEN c.id IS NULL THEN 0 ELSE COALESCE(g.number, -1) END AS number
		FROM submissions AS s
		LEFT JOIN comments AS c ON c.consultation_id = s.consultation_id AND c.submission_id = s.id AND NOT c.split
		LEFT JOIN suggestions AS g ON g.consultation_id = c.consultation_id AND g.id = c.suggestion_id
		WHERE s.consultation_id = ? ORDER BY s.leaf_hash, number`, consultation).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	out := bufio.NewWriter(w)
	var leaf, next []byte
	var numbers []int
	flush := func() error {
		_, err := out.Write(accountLine(leaf, numbers))
		leaf, numbers = append(leaf[:0], next...), numbers[:0]
		return err
	}
	for rows.Next() {
		var number int
		if err := rows.Scan(&next, &number); err != nil {
			return err
		}
		if !slices.Equal(next, leaf) {
			if err := flush(); err != nil {
				return err
			}
		}
		numbers = append(numbers, number)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Flush()
}

// accountLine is one submission; numbers are sorted, 0 stands for no comment and
// -1 for one that lies in no suggestion.
func accountLine(leaf []byte, numbers []int) []byte {
	if len(numbers) == 0 || numbers[0] < 0 {
		return nil
	}
	line := append(hex.AppendEncode(nil, leaf), ' ')
	for i, n := range numbers {
		switch {
		case n == 0:
			line = append(line, '-')
		case i > 0:
			line = strconv.AppendInt(append(line, ','), int64(n), 10)
		default:
			line = strconv.AppendInt(line, int64(n), 10)
		}
	}
	return append(line, '\n')
}
