package attachment_test

import (
	"bytes"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
)

const (
	consultation = 11
	submission   = 21
)

func (f *files) upload(name string, data []byte) attachment.Uploaded {
	f.Helper()
	u, err := f.Upload(ctx, actor.Public(), attachment.Upload{Organisation: f.organisation, Consultation: consultation, Name: name, Data: data})
	if err != nil {
		f.Fatal(err)
	}
	return u
}

func (f *files) claim(consultation, submission int64, files ...int64) error {
	return f.db.Write(ctx, actor.Public(), func(tx *database.Tx) error {
		if err := f.Claim(tx, files, f.organisation, consultation, submission); err != nil {
			return err
		}
		tx.Audited() // the submission's own row
		return nil
	})
}

func TestAnUploadBecomesPartOfOneSubmission(t *testing.T) {
	each(t, func(f *files) {
		a, b := f.upload("意见.pdf", pdf), f.upload("照片.png", png)
		if len(a.Key) < 20 || a.Key == b.Key {
			f.Errorf("the keys %q and %q can be guessed", a.Key, b.Key)
		}
		found, err := f.ByKeys(ctx, consultation, []string{b.Key, a.Key})
		if err != nil || len(found) != 2 || found[0].ID != b.ID || found[1].Name != "意见.pdf" {
			f.Fatalf("%+v, %v", found, err)
		}
		for range 2 { // the second is the same request again
			if err := f.claim(consultation, submission, a.ID, b.ID); err != nil {
				f.Fatal(err)
			}
		}
		list, err := f.List(ctx, attachment.OfSubmission(submission))
		if err != nil || len(list) != 2 || list[0].SHA256 != a.SHA256 {
			f.Errorf("the submission has %+v, %v", list, err)
		}
		if found, err := f.ByKeys(ctx, consultation, []string{a.Key}); err != nil || found[0].ID != a.ID {
			f.Errorf("a repeated request finds %+v, %v", found, err)
		}
		var rows int64
		f.db.Read(ctx).Table("audit_entries").Where("object = 'attachment' AND action = 'receive'").Count(&rows)
		if rows != 4 {
			f.Errorf("%d rows of the audit, want 2 for the uploads and 2 for the claims", rows)
		}
	})
}

func TestWhatIsNotOnesOwnCannotBeClaimed(t *testing.T) {
	each(t, func(f *files) {
		a := f.upload("a.pdf", pdf)
		notice, err := f.put("notice.pdf", pdf)
		if err != nil {
			f.Fatal(err)
		}
		f.wantCode("for another consultation", f.claim(consultation+1, submission, a.ID), "attachment.gone")
		f.wantCode("a file of the notice", f.claim(consultation, submission, notice.ID), "attachment.gone")
		f.wantCode("a file that is not there", f.claim(consultation, submission, a.ID, 999), "attachment.gone")
		if err := f.claim(consultation, submission, a.ID); err != nil {
			f.Fatal(err)
		}
		f.wantCode("another submission's", f.claim(consultation, submission+1, a.ID), "attachment.gone")
		_, err = f.ByKeys(ctx, consultation+1, []string{a.Key})
		f.wantCode("the key for another consultation", err, "attachment.gone")
		_, err = f.ByKeys(ctx, consultation, []string{""})
		f.wantCode("no key", err, "attachment.gone")
		if err := f.Discard(ctx, a.Key); err != nil {
			f.Fatal(err)
		}
		if list, _ := f.List(ctx, attachment.OfSubmission(submission)); len(list) != 1 {
			f.Error("a file of a submission was discarded by its key")
		}
	})
}

func TestAnUploadThatNothingClaimsExpiresAfterADay(t *testing.T) {
	at := clock.At(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		f := &files{T: t, Service: service(t, db), db: db, organisation: organisation(t, db)}
		a, b := f.upload("a.pdf", pdf), f.upload("b.pdf", pdf)
		if err := f.claim(consultation, submission, b.ID); err != nil {
			t.Fatal(err)
		}
		at.Set(at.Now().Add(attachment.UploadsLast - time.Minute))
		if _, err := f.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := f.ByKeys(ctx, consultation, []string{a.Key}); err != nil {
			t.Errorf("within the day: %v", err)
		}
		at.Set(at.Now().Add(2 * time.Minute))
		if _, err := f.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		f.wantCode("claimed after a day", f.claim(consultation, submission+1, a.ID), "attachment.gone")
		if list, _ := f.List(ctx, attachment.OfSubmission(submission)); len(list) != 1 {
			t.Error("a claimed file expired")
		}
	})
}

func TestALetterKeepsAFileOfAnyKindAsBytes(t *testing.T) {
	each(t, func(f *files) {
		for given, want := range map[string]string{
			"意见.zip": "意见.zip", "run.exe": "run.exe.bin", "page.html": "page.html.bin", "photo.HEIC": "photo.heic", "x": "x.bin",
		} {
			in := attachment.Upload{Organisation: f.organisation, Name: given, Data: []byte("MZ\x90\x00\x03\x00\x00\x00" + given)}
			_, err := f.Upload(ctx, actor.Public(), in)
			f.wantCode(given+" by the form", err, "attachment.type")
			in.Any = true
			u, err := f.Upload(ctx, actor.Public(), in)
			if err != nil || u.Name != want || u.MediaType != "application/octet-stream" {
				f.Errorf("%s is kept as %+v, %v", given, u.Attachment, err)
			}
		}
		big := attachment.Upload{Organisation: f.organisation, Name: "a.zip", Data: bytes.Repeat([]byte{1}, attachment.MaxSize+1), Any: true}
		_, err := f.Upload(ctx, actor.Public(), big)
		f.wantCode("too large", err, "attachment.large")
	})
}

func TestNobodyWithoutARoleToSendUploads(t *testing.T) {
	each(t, func(f *files) {
		_, err := f.Upload(ctx, actor.Actor{}, attachment.Upload{Organisation: f.organisation, Name: "a.pdf", Data: pdf})
		if err == nil || fault.Is(err, fault.Invalid) {
			f.Errorf("an actor of no kind uploads: %v", err)
		}
	})
}

func service(t *testing.T, db *database.DB) *attachment.Service {
	t.Helper()
	gate, err := access.New()
	if err != nil {
		t.Fatal(err)
	}
	s, err := attachment.New(db, gate, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func organisation(t *testing.T, db *database.DB) int64 {
	t.Helper()
	err := db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Exec("INSERT INTO organisations (id, slug, name, created_at) VALUES (1, 'bureau', '局', ?)", tx.Now).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return 1
}
