package submissionview

import (
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// Kept is a file that waits for the form to be sent. Its key is carried in a field.
type Kept struct {
	attachment.Attachment
	Key string
}

// File is a file of a submission as it is shown, with the text that was read in it.
type File struct {
	attachment.Attachment
	Href string // of the download; empty: none is offered
	View string // of the picture for staff; empty: there is none
	Text string
}

// filesField is the choice of files with its limits.
func (f Form) filesField(l *i18n.Locale) components.Field {
	return components.Field{
		ID: "files", Name: "files", Label: l.T("submission.files.add"), Error: f.fault("files"),
		Hint: l.T("submission.files.hint", "most", attachment.MostFiles, "megabytes", attachment.MaxSize>>20, "together", attachment.MostTogether>>20),
	}
}

// accepted are the kinds of files that a browser offers first.
const accepted = ".pdf,.docx,.doc,.wps,.xlsx,.xls,.et,.odt,.ods,.txt,.md,.png,.jpg,.jpeg"

// size writes a file's size.
func size(l *i18n.Locale, bytes int64) string {
	switch {
	case bytes < 1<<10:
		return l.T("submission.files.bytes", "n", bytes)
	case bytes < 1<<20:
		return l.T("submission.files.kilobytes", "n", (bytes+1<<10-1)>>10)
	}
	return l.T("submission.files.megabytes", "n", (bytes+1<<20-1)>>20)
}

// standing says why a file is not given out; empty when it is.
func standing(l *i18n.Locale, a attachment.Attachment, staff bool) string {
	whom := "sender."
	if staff {
		whom = "staff."
	}
	switch {
	case a.Scan == attachment.Infected:
		return l.T("submission.files."+whom+"infected", "finding", a.Finding)
	case a.Locked:
		return l.T("submission.files." + whom + "unchecked")
	}
	return ""
}

// reading says how the text under a file came about, or why there is none.
func (f File) reading(l *i18n.Locale) string {
	switch {
	case f.Scan == attachment.Infected || f.Text != "":
		return ""
	case f.Picture():
		return ""
	case f.Reading == attachment.Textless:
		return l.T("submission.files.textless")
	case f.Reading == attachment.Failed:
		return l.T("submission.files.unreadable")
	}
	return l.T("submission.files.reading")
}

// orFiles is what stands for a comment without words: those are in its files.
func orFiles(l *i18n.Locale, text string) string {
	if submission.Blank(text) {
		return l.T("submission.files.only")
	}
	return text
}

func onlyFiles(l *i18n.Locale, text string) string {
	if submission.Blank(text) {
		return l.T("submission.files.only")
	}
	return ""
}

// inPrivateFiles stands for a public comment without words.
func inPrivateFiles(l *i18n.Locale, text string) string {
	if submission.Blank(text) {
		return l.T("submission.files.elsewhere")
	}
	return ""
}

// grouped writes a checksum in groups of eight, which can be compared by eye.
func grouped(sum string) string {
	var b strings.Builder
	for i := 0; i < len(sum); i += 8 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(sum[i:min(i+8, len(sum))])
	}
	return b.String()
}

// ReceiptFiles are the files of a submission for whoever holds its receipt.
func ReceiptFiles(number string, list []attachment.Attachment) []File {
	out := make([]File, len(list))
	for i, a := range list {
		out[i].Attachment = a
		if !a.Locked {
			out[i].Href = "/receipts/" + number + "/files/" + ids.Format(a.ID)
		}
	}
	return out
}

// StaffFiles are the files of a submission for staff, with their texts by checksum.
func StaffFiles(address string, list []attachment.Attachment, texts map[string]string) []File {
	out := make([]File, len(list))
	for i, a := range list {
		out[i] = File{Attachment: a, Text: texts[a.SHA256]}
		if a.Locked {
			continue
		}
		out[i].Href = address + "/files/" + ids.Format(a.ID)
		if a.Picture() {
			out[i].View = out[i].Href + "/view"
		}
	}
	return out
}
