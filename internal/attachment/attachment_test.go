package attachment_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
)

var (
	ctx   = context.Background()
	owner = attachment.Owner{Kind: "consultation", ID: 11}
	pdf   = []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
	png   = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
)

type files struct {
	*testing.T
	*attachment.Service
	db           *database.DB
	organisation int64
}

func each(t *testing.T, test func(f *files)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		test(&files{t, service(t, db), db, organisation(t, db)})
	})
}

func (f *files) put(name string, data []byte) (a attachment.Attachment, err error) {
	err = f.db.Write(ctx, actor.Console(), func(tx *database.Tx) error {
		a, err = f.Put(tx, attachment.File{Organisation: f.organisation, Owner: owner, Name: name, Data: data})
		return err
	})
	return a, err
}

func (f *files) wantCode(what string, err error, code string) {
	f.Helper()
	e, ok := fault.As(err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Code != code {
		f.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestAFileComesBackByteForByte(t *testing.T) {
	each(t, func(f *files) {
		a, err := f.put("附件1 起草说明.pdf", pdf)
		if err != nil || a.Name != "附件1 起草说明.pdf" || a.Title != a.Name || a.MediaType != "application/pdf" || a.Size != int64(len(pdf)) || len(a.SHA256) != 64 {
			f.Fatalf("%+v, %v", a, err)
		}
		again, err := f.put("the same.pdf", pdf)
		if err != nil || again.SHA256 != a.SHA256 || again.ID == a.ID {
			f.Fatalf("the same content: %+v, %v", again, err)
		}
		got, content, err := f.Open(ctx, owner, a.ID)
		if err != nil {
			f.Fatal(err)
		}
		defer content.Close()
		if raw, _ := io.ReadAll(content); !bytes.Equal(raw, pdf) || got.ID != a.ID || got.Name != a.Name {
			f.Errorf("%+v with %q", got, raw)
		}
		if list, err := f.List(ctx, owner); err != nil || len(list) != 2 || list[0].ID != a.ID {
			f.Errorf("the list is %+v, %v", list, err)
		}
		if list, err := f.List(ctx, attachment.Owner{Kind: "consultation", ID: 12}); err != nil || len(list) != 0 {
			f.Errorf("another owner has %+v, %v", list, err)
		}
		_, _, err = f.Open(ctx, attachment.Owner{Kind: "consultation", ID: 12}, a.ID)
		if !fault.Is(err, fault.NotFound) {
			f.Errorf("by another owner's address: %v", err)
		}
	})
}

func TestAFileThatWasTakenOffIsGoneAndSweptLater(t *testing.T) {
	each(t, func(f *files) {
		kept, _ := f.put("kept.pdf", pdf)
		a, err := f.put("a.png", png)
		if err != nil {
			f.Fatal(err)
		}
		remove := func(owner attachment.Owner) error {
			return f.db.Write(ctx, actor.Console(), func(tx *database.Tx) error { return f.Remove(tx, owner, a.ID) })
		}
		if err := remove(attachment.Owner{Kind: "consultation", ID: 12}); !fault.Is(err, fault.NotFound) {
			f.Errorf("by another owner: %v", err)
		}
		if err := remove(owner); err != nil {
			f.Fatal(err)
		}
		if _, _, err := f.Open(ctx, owner, a.ID); !fault.Is(err, fault.NotFound) {
			f.Errorf("after it was taken off: %v", err)
		}
		if n, err := f.Sweep(ctx); n != 0 || err != nil {
			f.Errorf("a young file: %d, %v", n, err)
		}
		yesterday := time.Now().Add(-25 * time.Hour)
		for _, sum := range []string{a.SHA256, kept.SHA256} {
			if err := os.Chtimes(filepath.Join(f.Folder(), sum[:2], sum), yesterday, yesterday); err != nil {
				f.Fatal(err)
			}
		}
		if n, err := f.Sweep(ctx); n != 1 || err != nil {
			f.Errorf("an old file that nothing names: %d, %v", n, err)
		}
		if _, content, err := f.Open(ctx, owner, kept.ID); err != nil {
			f.Errorf("what is named stays: %v", err)
		} else {
			content.Close()
		}
	})
}

func TestTheKindIsThatOfTheContent(t *testing.T) {
	each(t, func(f *files) {
		for name, data := range map[string][]byte{
			"page.pdf":      []byte("<!DOCTYPE html><html><script>alert(1)</script></html>"),
			"drawing.png":   []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
			"page.txt":      []byte("<html><body>x</body></html>"),
			"archive.docx":  zipOf(f, "a.txt"),
			"program.doc":   []byte("MZ\x90\x00\x03\x00\x00\x00"),
			"elf.pdf":       []byte("\x7fELF\x02\x01\x01"),
			"macro.docx":    zipOf(f, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
			"latin1.txt":    []byte("caf\xe9 au lait, caf\xe9 noir"),
			"script.sh":     []byte("#!/bin/sh\nrm -rf /\n"),
			"no extension":  []byte("text"),
			"picture.txt":   append([]byte("GIF89a"), make([]byte, 20)...),
			"archive.zip":   zipOf(f, "a.txt"),
			"comment.svg":   []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`),
			"nothing here.": {0, 1, 2, 3},
		} {
			_, err := f.put(name, data)
			f.wantCode(name, err, "attachment.type")
		}
		_, err := f.put("empty.pdf", nil)
		f.wantCode("empty", err, "attachment.empty")
		_, err = f.put("large.pdf", append(bytes.Clone(pdf), make([]byte, attachment.MaxSize)...))
		f.wantCode("too large", err, "attachment.large")
	})
}

func TestANameCannotHideItsKind(t *testing.T) {
	each(t, func(f *files) {
		docx := zipOf(f, "[Content_Types].xml", "word/document.xml")
		for given, c := range map[string]struct {
			data []byte
			want string
		}{
			"a.PDF":                           {pdf, "a.pdf"},
			"../../etc/passwd":                {pdf, "passwd.pdf"},
			`C:\docs\文件.pdf`:                  {pdf, "文件.pdf"},
			"invoice.exe":                     {pdf, "invoice.exe.pdf"},
			"a\u202efdp.exe":                  {pdf, "afdp.exe.pdf"},
			"x\r\nSet-Cookie: a=b.pdf":        {pdf, "xSet-Cookie a=b.pdf"},
			"":                                {pdf, "附件.pdf"},
			strings.Repeat("长", 300) + ".pdf": {pdf, strings.Repeat("长", 120) + ".pdf"},
			"new.wps":                         {docx, "new.wps"},
			"说明.docx":                         {docx, "说明.docx"},
			"p.jpeg":                          {append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), make([]byte, 16)...), "p.jpeg"},
			"读我.md":                           {[]byte("# 标题\n\n正文\n"), "读我.md"},
			"old.wps":                         {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1024)...), "old.wps"},
		} {
			a, err := f.put(given, c.data)
			if err != nil || a.Name != c.want {
				f.Errorf("%q is called %q (%v), want %q", given, a.Name, err, c.want)
			}
		}
	})
}

func TestANoticeHasTwentyFilesAtMost(t *testing.T) {
	each(t, func(f *files) {
		for range attachment.MaxCount - 2 {
			if _, err := f.put("a.pdf", pdf); err != nil {
				f.Fatal(err)
			}
		}
		var together sync.WaitGroup
		for range 6 {
			together.Add(1)
			go func() {
				defer together.Done()
				_, _ = f.put("a.pdf", pdf)
			}()
		}
		together.Wait()
		var stored int64
		f.db.Read(ctx).Table("attachments").Count(&stored)
		if stored != attachment.MaxCount {
			f.Errorf("%d files are there", stored)
		}
		_, err := f.put("a.pdf", pdf)
		f.wantCode("the next", err, "attachment.many")
	})
}

func TestOnlyWhoPreparesTheNoticeAttachesToIt(t *testing.T) {
	each(t, func(f *files) {
		file := attachment.File{Organisation: f.organisation, Owner: owner, Name: "a.pdf", Data: pdf}
		as := func(organisation int64, role actor.Role) actor.Actor {
			return actor.Actor{Kind: actor.Account, ID: 5, Grants: []actor.Grant{{Organisation: organisation, Role: role}}}
		}
		for who, kind := range map[*actor.Actor]fault.Kind{
			ptr(actor.Public()):                      fault.Unauthenticated,
			ptr(as(f.organisation, actor.Auditor)):   fault.Forbidden,
			ptr(as(f.organisation+1, actor.Officer)): fault.NotFound,
		} {
			if _, err := f.Attach(ctx, *who, file); !fault.Is(err, kind) {
				f.Errorf("%+v attaches: %v", *who, err)
			}
		}
		officer := as(f.organisation, actor.Officer)
		a, err := f.Attach(ctx, officer, file)
		if err != nil {
			f.Fatal(err)
		}
		if err := f.Detach(ctx, as(f.organisation, actor.Reviewer), f.organisation, owner, a.ID); !fault.Is(err, fault.Forbidden) {
			f.Errorf("a reviewer takes it off: %v", err)
		}
		if err := f.Detach(ctx, officer, f.organisation, owner, a.ID); err != nil {
			f.Error(err)
		}
	})
}

func ptr(who actor.Actor) *actor.Actor { return &who }

func TestADownloadIsNothingButADownload(t *testing.T) {
	h := attachment.Attachment{Name: `附件 "1".pdf`, MediaType: "application/pdf", SHA256: "ab"}.Header()
	if got := h["Content-Disposition"]; got != `attachment; filename="__ _1_.pdf"; filename*=UTF-8''%E9%99%84%E4%BB%B6%20%221%22.pdf` {
		t.Errorf("disposition: %s", got)
	}
	if h["X-Content-Type-Options"] != "nosniff" || !strings.HasPrefix(h["Content-Security-Policy"], "sandbox;") {
		t.Errorf("headers: %v", h)
	}
}

func zipOf(t interface{ Fatal(...any) }, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
