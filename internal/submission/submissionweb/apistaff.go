package submissionweb

import (
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// submissionItem is a submission in a list for staff. Its words are at
// …/comments and at …/submissions/{id}.
type submissionItem struct {
	ID         string           `json:"id"`
	Receipt    string           `json:"receipt"`
	Channel    string           `json:"channel"`
	Language   string           `json:"language"`
	Version    int64            `json:"version"`
	Kind       submission.Kind  `json:"kind"`
	Region     string           `json:"region"`
	PublicName string           `json:"public_name"`
	State      submission.State `json:"state"`
	ReceivedAt time.Time        `json:"received_at"`
	Comments   []commentItem    `json:"comments,omitempty"`
	Sender     *senderItem      `json:"sender,omitempty"`
	Files      []fileItem       `json:"files,omitempty"`

	Answers []submission.SurveyAnswer `json:"answers,omitempty"` // of a response to a survey
}

type senderItem struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// commentItem is a comment for staff. Start and End count characters of the part.
type commentItem struct {
	ID           string    `json:"id"`
	Submission   string    `json:"submission"`
	Parent       string    `json:"parent"`
	Start        int64     `json:"start"`
	End          int64     `json:"end"`
	Split        bool      `json:"split"`
	Provision    string    `json:"provision"`
	AimedAt      string    `json:"aimed_at"`
	Text         string    `json:"text"`
	ProposedText string    `json:"proposed_text"`
	Language     string    `json:"language"`
	Suggestion   string    `json:"suggestion"`
	Channel      string    `json:"channel"`
	ReceivedAt   time.Time `json:"received_at"`
	Version      int64     `json:"version"`
}

func submissionOf(x submission.Submission) submissionItem {
	return submissionItem{
		ID: ids.Format(x.ID), Receipt: x.Receipt, Channel: x.Channel, Language: x.Lang, Version: x.DraftVersion, Kind: x.SubmitterKind,
		Region: x.Region, PublicName: x.PublicName, State: x.State, ReceivedAt: x.ReceivedAt.UTC(),
	}
}

func commentOf(x submission.Comment) commentItem {
	return commentItem{
		ID: ids.Format(x.ID), Submission: ids.Format(x.SubmissionID), Parent: idText(x.ParentID), Start: x.SpanStart, End: x.SpanEnd,
		Split: x.Split, Provision: x.Provision, AimedAt: x.AimedAt, Text: x.Text, ProposedText: x.ProposedText, Language: x.Lang,
		Suggestion: idText(x.SuggestionID), Channel: x.Channel, ReceivedAt: x.ReceivedAt.UTC(), Version: x.Version,
	}
}

func commentsOf(list []submission.Comment) []commentItem {
	out := make([]commentItem, len(list))
	for i, x := range list {
		out[i] = commentOf(x)
	}
	return out
}

// filter reads a list's filter; what is not understood is ignored.
func filter(c *web.Ctx, usual, most int) submission.Filter {
	f := submission.Filter{Channel: c.QueryText("channel"), Kind: submission.Kind(c.QueryText("kind")), Q: c.QueryText("q")}
	f.Limit, f.Cursor = c.Page(usual, most)
	if c.Context().QueryArgs().Has("provision") {
		p := c.QueryText("provision")
		f.Provision = &p
	}
	switch c.QueryText("gathered") {
	case "yes", "true":
		yes := true
		f.Gathered = &yes
	case "no", "false":
		no := false
		f.Gathered = &no
	}
	f.Suggestion, _ = ids.Parse(c.QueryText("suggestion"))
	return f
}

// listed are the limits of the contract's lists.
const (
	listedUsually = 100
	listedAtMost  = 1000
)

func (h handlers) apiList(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	p, err := h.Submissions.List(c.UserContext(), c.Who(), slug, filter(c, listedUsually, listedAtMost))
	if err != nil {
		return err
	}
	out := make([]submissionItem, len(p.Items))
	for i, x := range p.Items {
		out[i] = submissionOf(x)
	}
	return c.List(out, p.Next)
}

func (h handlers) apiLetter(c *web.Ctx) error {
	l, err := h.read(c)
	if err != nil {
		return err
	}
	out := submissionOf(l.Submission)
	out.Comments, out.Answers = commentsOf(l.Comments), l.Answers
	if l.Sender != nil {
		s := senderItem(*l.Sender)
		out.Sender = &s
	}
	address := web.APIPrefix + "/consultations/" + l.Consultation.Slug + "/submissions/" + out.ID
	if out.Files, err = h.fileItems(c, l.ID, address); err != nil {
		return err
	}
	if err := h.withTexts(c, l.ID, out.Files); err != nil {
		return err
	}
	return c.Answer(200, out)
}

// read finds the submission of the address for staff.
func (h handlers) read(c *web.Ctx) (submission.Letter, error) {
	slug, id, err := place(c, "id")
	if err != nil {
		return submission.Letter{}, err
	}
	return h.Submissions.One(c.UserContext(), c.Who(), slug, id)
}

func (h handlers) apiComments(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	p, err := h.Submissions.Comments(c.UserContext(), c.Who(), slug, filter(c, listedUsually, listedAtMost))
	if err != nil {
		return err
	}
	return c.List(commentsOf(p.Items), p.Next)
}

type splitBody struct {
	Spans []struct {
		Start     int64   `json:"start"`
		End       int64   `json:"end"`
		Provision *string `json:"provision"` // absent: that of the part
	} `json:"spans"`
	Version int64 `json:"version"`
}

func (h handlers) apiSplit(c *web.Ctx) error {
	slug, id, err := place(c, "id")
	if err != nil {
		return err
	}
	if err := h.mayAsk(c); err != nil {
		return err
	}
	var body splitBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	spans := make([]submission.Span, len(body.Spans))
	for i, x := range body.Spans {
		spans[i] = submission.Span{Start: x.Start, End: x.End, Provision: submission.AsPart}
		if x.Provision != nil {
			spans[i].Provision = *x.Provision
		}
	}
	made, err := h.Submissions.Split(c.UserContext(), c.Who(), slug, id, spans, body.Version)
	if err != nil {
		return err
	}
	return c.Answer(201, struct {
		Items []commentItem `json:"items"`
	}{commentsOf(made)})
}

// mayAsk answers a program without a token before its body is read.
func (h handlers) mayAsk(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	return nil
}

func (h handlers) apiJoin(c *web.Ctx) error {
	slug, id, err := place(c, "id")
	if err != nil {
		return err
	}
	of, err := h.Submissions.Join(c.UserContext(), c.Who(), slug, id, 0)
	if err != nil {
		return err
	}
	return c.Answer(200, commentOf(of))
}

func (h handlers) apiAim(c *web.Ctx) error {
	slug, id, err := place(c, "id")
	if err != nil {
		return err
	}
	if err := h.mayAsk(c); err != nil {
		return err
	}
	var body struct {
		Provision string `json:"provision"`
		Version   int64  `json:"version"`
	}
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	of, err := h.Submissions.Aim(c.UserContext(), c.Who(), slug, id, body.Provision, body.Version)
	if err != nil {
		return err
	}
	return c.Answer(200, commentOf(of))
}

// place reads the consultation's slug and an identifier from the path.
func place(c *web.Ctx, name string) (slug string, id int64, err error) {
	if slug, err = c.Slug(); err != nil {
		return "", 0, err
	}
	id, err = c.IDParam(name)
	return slug, id, err
}
