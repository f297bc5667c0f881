package submissionweb

import (
	"encoding/hex"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// submitsPerMinute is how many submissions one address may send by the API, and
// sendsPerMinute by the form, since an office shares an address; without an answer
// to the task, and filled in faster than it can be read, fewer.
const (
	submitsPerMinute = 100
	sendsPerMinute   = 120

	unansweredPerMinute = 20
	hastilyPerMinute    = 10
)

// submitBody is a submission in the contract's words.
type submitBody struct {
	Submitter struct {
		Kind        submission.Kind `json:"kind"`
		Name        string          `json:"name"`
		Email       string          `json:"email"`
		Phone       string          `json:"phone"`
		Region      string          `json:"region"`
		PublishName bool            `json:"publish_name"`
	} `json:"submitter"`
	Version  int64 `json:"version"`
	Comments []struct {
		Provision    string `json:"provision"`
		Text         string `json:"text"`
		ProposedText string `json:"proposed_text"`
	} `json:"comments"`
	Language  string   `json:"language"`
	Consent   bool     `json:"consent"`
	Challenge string   `json:"challenge"`
	Files     []string `json:"files"` // identifiers of uploads
}

// acknowledgement is the answer to a submission. The address never holds the secret.
type acknowledgement struct {
	Receipt    string    `json:"receipt"`
	Secret     string    `json:"secret"`
	ReceivedAt time.Time `json:"received_at"`
	LeafHash   string    `json:"leaf_hash"`
	StatusURL  string    `json:"status_url"`
}

func (h handlers) apiSubmit(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("submit", submitsPerMinute); err != nil {
		return err
	}
	var body submitBody
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	// A key that is there and empty is a program's mistake; taken as none, its retry
	// would become a second letter.
	if named := c.Request().Header.PeekAll("Idempotency-Key"); len(named) > 0 && len(named[0]) == 0 {
		return fault.Fields{{Name: "idempotency_key", Code: "submission.key", Args: []any{"most", submission.MostKey}}}.Err()
	}
	in := submission.In{
		Consultation: slug, Key: c.Get("Idempotency-Key"), Channel: submission.API, Version: body.Version, Language: body.Language,
		Submitter: submission.Submitter(body.Submitter), Consent: body.Consent, ReceivedAt: c.Now(),
		Comments: make([]submission.Part, len(body.Comments)),
	}
	for i, x := range body.Comments {
		in.Comments[i] = submission.Part(x)
	}
	if in.Files, err = h.apiNamed(c, slug, body.Files); err != nil {
		return err
	}
	r, err := h.received(c, in, body.Challenge)
	if err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(201, acknowledgement{
		Receipt: r.Number, Secret: r.Secret, ReceivedAt: r.ReceivedAt, LeafHash: hex.EncodeToString(r.LeafHash),
		StatusURL: c.Visit.Base + "/receipts/" + r.Number,
	})
}

// trackedItem is a submission as its sender sees it.
type trackedItem struct {
	Receipt      string           `json:"receipt"`
	Consultation string           `json:"consultation"`
	Channel      string           `json:"channel"`
	ReceivedAt   time.Time        `json:"received_at"`
	State        submission.State `json:"state"`
	Language     string           `json:"language"`
	Version      int64            `json:"version"`
	Comments     []trackedComment `json:"comments"`
	Files        []fileItem       `json:"files"`

	Answers []submission.SurveyAnswer `json:"answers,omitempty"` // of a response to a survey, as its leaf has them
}

// trackedComment is a part as received; Parts are the spans into which staff split
// it, each with its own answer.
type trackedComment struct {
	Provision         string           `json:"provision"`
	Text              string           `json:"text"`
	ProposedText      string           `json:"proposed_text"`
	Disposition       string           `json:"disposition"`
	Reason            string           `json:"reason"`
	ChangedProvisions []string         `json:"changed_provisions"`
	Suggestion        int              `json:"suggestion,omitempty"`
	Withheld          string           `json:"withheld,omitempty"` // why the public does not read it
	Masked            bool             `json:"masked,omitempty"`   // the public reads *** for personal data
	Parts             []trackedComment `json:"parts,omitempty"`
}

func (h handlers) apiReceipt(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	t, err := h.Submissions.Track(c.UserContext(), c.Params("number"), c.Get("Receipt-Secret"))
	if err != nil {
		return err
	}
	files, err := h.fileItems(c, t.Submission.ID, web.APIPrefix+"/receipts/"+t.Submission.Receipt)
	if err != nil {
		return err
	}
	return c.Answer(200, trackedItem{
		Files: files, Answers: t.Answers,
		Receipt: t.Submission.Receipt, Consultation: t.Consultation.Slug, Channel: t.Submission.Channel,
		ReceivedAt: t.Submission.ReceivedAt.UTC(), State: t.State, Language: t.Submission.Lang, Version: t.Submission.DraftVersion,
		Comments: trackedComments(t.Parts, false),
	})
}

func trackedComments(parts []submission.TrackedPart, spans bool) []trackedComment {
	out := make([]trackedComment, len(parts))
	for i, p := range parts {
		x := trackedComment{Provision: p.AimedAt, Text: p.Text, ProposedText: p.ProposedText, ChangedProvisions: []string{}}
		x.Withheld, x.Masked = p.Withheld, p.MaskedAs().Any()
		if spans {
			x.Provision, x.ProposedText = p.Provision, ""
		}
		if a := p.Answer; a != nil {
			x.Disposition, x.Reason, x.Suggestion = a.Disposition, a.Reason, a.Number
			x.ChangedProvisions = append(x.ChangedProvisions, a.Provisions...)
		}
		if len(p.Spans) > 0 {
			x.Parts = trackedComments(p.Spans, true)
		}
		out[i] = x
	}
	return out
}

// idText writes an identifier; none is empty.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return ids.Format(id)
}
