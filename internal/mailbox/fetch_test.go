package mailbox

import (
	"context"
	"slices"
	"testing"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/imaptest"
)

func TestAMailBecomesASubmissionAndIsThenMarkedAsRead(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, server *imaptest.Server) {
		databasetest.EachWith(t, database.Options{Clock: clock.At(begin)}, func(t *testing.T, db *database.DB) {
			st := newStage(t, db, server)
			folder := "Letters-" + string(db.Dialect())
			server.Make(t, box, folder)
			in := st.settings(box)
			in.Folder = folder
			_, err := st.mail.Save(context.Background(), st.as(9, "administrator"), st.account.ID, in, 0)
			must(t, err)
			server.Put(t, box, folder, begin.Add(time.Hour), st.letter("one", "摊位费太高。"), st.letter("two", "集市要有厕所。"))
			if n := st.fetch(); n != 2 {
				t.Errorf("%d mails were stored", n)
			}
			if got := st.texts(); !slices.Equal(got, []string{"摊位费太高。", "集市要有厕所。"}) {
				t.Errorf("the comments are %q", got)
			}
			if all, read := server.Read(t, box, folder); all != 2 || read != 2 {
				t.Errorf("%d mails, %d of them read", all, read)
			}
			if n := st.fetch(); n != 0 {
				t.Errorf("%d mails were stored again", n)
			}
			if n := st.count("SELECT count(*) FROM outbox WHERE topic = ?", TopicReceipt); n != 2 {
				t.Errorf("%d receipts by mail", n)
			}
			if n := st.count("SELECT count(*) FROM submissions WHERE entry = 'sender' AND channel = 'email' AND received_at = ?", begin.Add(time.Hour)); n != 2 {
				t.Errorf("%d submissions of the senders at the server's time", n)
			}
		})
	}, box, other)
}

func TestAttachmentsComeWithTheSubmission(t *testing.T) {
	each(t, func(st *stage) {
		st.put(st.letter("files", "--x\nContent-Type: text/plain; charset=utf-8\n\n见附件。\n--x\nContent-Type: application/pdf\n"+
			"Content-Disposition: attachment; filename=\"=?gb18030?B?0uK8+y5wZGY=?=\"\n\n%PDF-1.7\n1 0 obj\n<<>>\nendobj\n--x--",
			"Content-Type: multipart/mixed; boundary=x"))
		st.fetch()
		var ids []int64
		must(st.t, st.db.Read(context.Background()).Table("submissions").Pluck("id", &ids).Error)
		if len(ids) != 1 {
			st.t.Fatalf("%d submissions; waiting: %+v", len(ids), st.room().Waiting)
		}
		list, err := st.files.List(context.Background(), attachment.OfSubmission(ids[0]))
		if err != nil || len(list) != 1 || list[0].Name != "意见.pdf" || list[0].MediaType != "application/pdf" {
			st.t.Errorf("the files are %+v, %v", list, err)
		}
		if n := st.count("SELECT count(*) FROM submission_files WHERE sha256 = ?", list[0].SHA256); n != 1 {
			st.t.Error("the leaf does not name the file")
		}
	})
}
