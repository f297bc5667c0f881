package attachment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Scanner looks for harmful programs. Finding is the name of what it found, ""
// for nothing. An error means that it could not say; it is asked again.
type Scanner interface {
	Scan(ctx context.Context, content io.Reader) (finding string, err error)
}

// Sealer locks harmful content away so that no program reads it by chance.
type Sealer interface {
	Seal(plain []byte, place string) ([]byte, error)
}

// ScanWith lets every file be scanned before it is given out, those that were
// stored before too.
func (s *Service) ScanWith(scanner Scanner, sealer Sealer) { s.scanner, s.sealer = scanner, sealer }

// lease is how long another node leaves a content alone that one has begun.
const lease = 10 * time.Minute

// again says when a failed try is repeated: after a minute, then twice as long each
// time, an hour at most.
func again(now time.Time, tries int) time.Time {
	return now.Add(min(time.Hour, time.Minute<<min(tries, 10)))
}

// ScanDue scans what waits for it and gives how many contents were decided. It
// ends at the first that the scanner could not decide, whose error it gives: the
// file stays and stays locked, and is tried again later.
func (s *Service) ScanDue(ctx context.Context) (int, error) {
	if s.scanner == nil {
		return 0, nil
	}
	for n := 0; ; n++ {
		c, err := s.due(ctx, "scan")
		if err != nil || c == nil {
			return n, err
		}
		if err := s.scan(ctx, *c); err != nil {
			return n, fmt.Errorf("content %s was not scanned: %w", c.SHA256[:12], err)
		}
	}
}

// due takes the longest waiting content of a queue for this node; nil for none.
func (s *Service) due(ctx context.Context, queue string) (*content, error) {
	at, tries := queue+"_at", queue+"_tries"
	for {
		var list []content
		err := s.db.Read(ctx).Select(contentFacts).Where(at+" <= ?", s.db.Now()).Order(at).Limit(1).Find(&list).Error
		if err != nil || len(list) == 0 {
			return nil, err
		}
		c := list[0]
		mine := false
		err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
			r := tx.Model(&content{}).Where("sha256 = ? AND "+at+" <= ?", c.SHA256, tx.Now).
				Updates(map[string]any{at: tx.Now.Add(lease), tries: gorm.Expr(tries + " + 1")})
			mine = r.RowsAffected == 1
			return r.Error
		})
		if err != nil || mine {
			return &c, err
		}
	}
}

func (s *Service) scan(ctx context.Context, c content) error {
	f, err := os.Open(s.store.path(c.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		// Swept, or locked away before.
		return s.settle(ctx, c, map[string]any{"scan_at": nil})
	}
	if err != nil {
		return err
	}
	finding, err := s.scanner.Scan(ctx, f)
	f.Close()
	switch {
	case err != nil:
		return errors.Join(err, s.settle(ctx, c, map[string]any{"scan_at": again(s.db.Now(), c.ScanTries)}))
	case finding == "":
		return s.settle(ctx, c, map[string]any{"scan": Clean, "finding": "", "scan_at": nil})
	}
	return s.lockAway(ctx, c, finding)
}

func (s *Service) settle(ctx context.Context, c content, values map[string]any) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&content{}).Where("sha256 = ?", c.SHA256).Updates(values).Error
	})
}

// lockAway seals harmful content and says so of every file that has it. The
// submission stays with its other words. The sealed copy comes first and the open
// one goes last; what is interrupted in between is done again.
func (s *Service) lockAway(ctx context.Context, c content, finding string) error {
	plain, err := s.readAll(c.SHA256)
	if err != nil {
		return err
	}
	sealed, err := s.sealer.Seal(plain, "attachments/"+c.SHA256)
	if err != nil {
		return err
	}
	if err := s.store.seal(c.SHA256, sealed); err != nil {
		return err
	}
	err = s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
		values := map[string]any{"scan": Infected, "finding": finding, "read_at": nil, "text": ""}
		if err := tx.Model(&content{}).Where("sha256 = ?", c.SHA256).Updates(values).Error; err != nil {
			return err
		}
		tx.Audited() // nothing may name it, and it may be said already
		if c.Scan == Infected {
			return nil
		}
		return s.recordLock(tx, c.SHA256, finding)
	})
	if err != nil {
		return err
	}
	if err := s.store.remove(c.SHA256); err != nil {
		return err
	}
	return s.settle(ctx, c, map[string]any{"scan_at": nil})
}

func (s *Service) recordLock(tx *database.Tx, sum, finding string) error {
	var rows []row
	if err := tx.Where("sha256 = ?", sum).Order("id").Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		err := audit.Record(tx, audit.Entry{
			Organisation: r.OrganisationID, Consultation: r.ConsultationID, Action: "lock", Object: "attachment", ObjectID: r.ID,
			After: map[string]any{"sha256": sum, "finding": finding},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Known makes sure that every stored content has its row: of files from before
// contents were known, and, once there is a scanner, of those it has not seen.
func (s *Service) Known(ctx context.Context) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		err := tx.Exec(`INSERT INTO attachment_contents (sha256, media_type, read_at, created_at)
			SELECT sha256, min(media_type), ?, ? FROM attachments a
			WHERE NOT EXISTS (SELECT 1 FROM attachment_contents c WHERE c.sha256 = a.sha256) GROUP BY sha256`, tx.Now, tx.Now).Error
		if err != nil || s.scanner == nil {
			return err
		}
		return tx.Model(&content{}).Where("scan = ? AND scan_at IS NULL", Unscanned).Update("scan_at", tx.Now).Error
	})
}

// readAll reads a stored content into memory; its size is bounded by MaxSize.
func (s *Service) readAll(sum string) ([]byte, error) {
	f, err := os.Open(s.store.path(sum))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(f, MaxSize+1))
	return b.Bytes(), err
}
