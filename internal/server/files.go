package server

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/attachment"
)

// ReadingFilesWith says who takes the texts out of files. The program reads each in
// a process of its own; without this option none is read.
func ReadingFilesWith(r attachment.TextReader) Option { return func(o *options) { o.texts = r } }

// openFiles makes the service of attachments with its scanner.
func (s *Services) openFiles(texts attachment.TextReader) (err error) {
	s.Attachments, err = attachment.New(s.DB, s.Gate, s.Settings.Attachments())
	if err != nil {
		return fmt.Errorf("the folder of attachments: %w", err)
	}
	if texts != nil {
		s.Attachments.ReadWith(texts)
	}
	if s.Settings.Clamd == "" {
		return nil
	}
	scanner, err := attachment.NewClamd(s.Settings.Clamd)
	if err != nil {
		return err
	}
	s.Attachments.ScanWith(scanner, s.Keys)
	return nil
}

// filesEvery is how often files that wait for scanner or reader are looked for.
const filesEvery = 2 * time.Second

func (s *Services) keepFiles(ctx context.Context) { s.Attachments.Run(ctx, filesEvery, s.Log) }
