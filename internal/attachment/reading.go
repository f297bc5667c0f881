package attachment

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"guangyi/internal/platform/filetext"
)

// TextReader takes the text out of a file of a media type. It must come back in
// bounded time and memory, whatever the file.
type TextReader interface {
	Read(ctx context.Context, mediaType string, data []byte) (filetext.Text, error)
}

// ReadWith says who takes texts out of files; without it none is.
func (s *Service) ReadWith(r TextReader) { s.reader = r }

// mostTries is how often a file is read that its reader does not manage.
const mostTries = 3

// ReadDue takes the texts out of what waits for it and gives how many contents
// were read.
func (s *Service) ReadDue(ctx context.Context) (int, error) {
	if s.reader == nil {
		return 0, nil
	}
	for n := 0; ; n++ {
		c, err := s.due(ctx, "read")
		if err != nil || c == nil {
			return n, err
		}
		if err := s.read(ctx, *c); err != nil {
			return n, err
		}
	}
}

func (s *Service) read(ctx context.Context, c content) error {
	data, err := s.readAll(c.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return s.settle(ctx, c, map[string]any{"read_at": nil})
	}
	if err != nil {
		return err
	}
	text, err := s.reader.Read(ctx, c.MediaType, data)
	values := map[string]any{"read_at": nil, "reading": Read, "text": text.Text, "cut": text.Cut}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, filetext.ErrUnknown) || err == nil && text.Text == "":
		values = map[string]any{"read_at": nil, "reading": Textless}
	case errors.Is(err, filetext.ErrStopped) && c.ReadTries+1 < mostTries:
		values = map[string]any{"read_at": again(s.db.Now(), c.ReadTries)}
	case err != nil:
		values = map[string]any{"read_at": nil, "reading": Failed}
	}
	return s.settle(ctx, c, values)
}

// Run scans and reads what comes until the context ends.
func (s *Service) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	if err := s.Known(ctx); err != nil && ctx.Err() == nil {
		log.Error("the files from before were not listed", "error", err)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := s.ScanDue(ctx); err != nil && ctx.Err() == nil {
			log.Warn("files wait for the virus scanner", "error", err)
		}
		if _, err := s.ReadDue(ctx); err != nil && ctx.Err() == nil {
			log.Error("the text of a file was not read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
