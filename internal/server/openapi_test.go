package server_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/submission"
)

func description(t *testing.T) *openapi3.T {
	t.Helper()
	raw, err := os.ReadFile("openapi.yaml")
	must(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	must(t, err)
	return doc
}

func TestDescriptionIsOpenAPI(t *testing.T) {
	doc := description(t)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("the description says it is OpenAPI %s; the contract promises 3.1", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Errorf("openapi.yaml is not valid: %v", err)
	}
}

var parameter = regexp.MustCompile(`:([a-z]+)`)

// Programs are written against the description: what is served stands in it, and
// what stands in it is served.
func TestDescriptionAndRouterAgree(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	var served, described []string
	for _, r := range p.site.Routes() {
		if r.API {
			served = append(served, r.Method+" "+parameter.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	for path, item := range description(t).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	for _, s := range served {
		if !slices.Contains(described, s) {
			t.Errorf("%s is served and stands not in openapi.yaml", s)
		}
	}
	for _, d := range described {
		if !slices.Contains(served, d) {
			t.Errorf("%s stands in openapi.yaml and is not served", d)
		}
	}
}

// A program that keeps to the limits of the description is not refused for a limit.
func TestDescriptionPromisesTheCodesLimits(t *testing.T) {
	body := schema(t, "Submission")
	comments := body.Properties["comments"].Value
	comment := comments.Items.Value
	sender := body.Properties["submitter"].Value
	for _, limit := range []struct {
		what string
		says *uint64
		is   int
	}{
		{"maxItems of comments", comments.MaxItems, submission.MostComments},
		{"maxLength of text", comment.Properties["text"].Value.MaxLength, submission.MostText},
		{"maxLength of proposed_text", comment.Properties["proposed_text"].Value.MaxLength, submission.MostProposed},
		{"maxLength of name", sender.Properties["name"].Value.MaxLength, submission.MostName},
		{"maxLength of email", sender.Properties["email"].Value.MaxLength, submission.MostEmail},
		{"maxLength of phone", sender.Properties["phone"].Value.MaxLength, submission.MostPhone},
		{"maxLength of region", sender.Properties["region"].Value.MaxLength, submission.MostRegion},
	} {
		if limit.says == nil || *limit.says != uint64(limit.is) {
			t.Errorf("%s: openapi.yaml does not promise %d, which the code keeps", limit.what, limit.is)
		}
	}
}

func TestDescriptionKnowsTheCodesWords(t *testing.T) {
	var codes, statuses, kinds []string
	for _, d := range adoption.Demands {
		codes = append(codes, string(d.Code))
	}
	for _, s := range consultation.PublicStatuses {
		statuses = append(statuses, string(s))
	}
	for _, k := range submission.Kinds {
		kinds = append(kinds, string(k))
	}
	sameWords(t, "Disposition", schema(t, "Disposition").Enum, codes)
	sameWords(t, "Status", schema(t, "Status").Enum, statuses)
	sameWords(t, "kind of submitter", schema(t, "Submission").Properties["submitter"].Value.Properties["kind"].Value.Enum, kinds)
}

func schema(t *testing.T, name string) *openapi3.Schema {
	t.Helper()
	s := description(t).Components.Schemas[name]
	if s == nil || s.Value == nil {
		t.Fatalf("openapi.yaml has no schema %s", name)
	}
	return s.Value
}

func sameWords(t *testing.T, what string, described []any, known []string) {
	t.Helper()
	var words []string
	for _, d := range described {
		words = append(words, fmt.Sprint(d))
	}
	slices.Sort(words)
	slices.Sort(known)
	if !slices.Equal(words, known) {
		t.Errorf("%s: openapi.yaml says %v, the code knows %v", what, words, known)
	}
}

// What comes out has the shape that the description promises: the answers of the
// public reading routes and of an officer's are held against it.
func TestAnswersKeepToTheDescription(t *testing.T) {
	p := newPlace(t, databasetest.Target(t, database.SQLite))
	doc := description(t)
	slug := p.open("own", nil)
	r := p.send(slug, "one", letter("摊位费太高了。"))
	officer := p.token("own", actor.Officer)
	for _, c := range []struct{ path, route, token string }{
		{api + "/consultations", "/api/v1/consultations", ""},
		{api + "/consultations/" + slug, "/api/v1/consultations/{slug}", ""},
		{api + "/consultations/" + slug, "/api/v1/consultations/{slug}", officer},
		{api + "/consultations/" + slug + "/provisions", "/api/v1/consultations/{slug}/provisions", ""},
		{api + "/consultations/" + slug + "/submissions", "/api/v1/consultations/{slug}/submissions", officer},
		{api + "/consultations/" + slug + "/comments", "/api/v1/consultations/{slug}/comments", officer},
		{api + "/consultations/" + slug + "/suggestions", "/api/v1/consultations/{slug}/suggestions", officer},
	} {
		fits(t, doc, c.route, p.ask("GET", c.path, c.token, nil))
	}
	fits(t, doc, "/api/v1/receipts/{number}", p.track(r))
}

func fits(t *testing.T, doc *openapi3.T, route string, a answer) {
	t.Helper()
	item := doc.Paths.Value(route)
	if item == nil || item.Get == nil {
		t.Errorf("%s is not described", route)
		return
	}
	described := item.Get.Responses.Value("200")
	if described == nil {
		t.Errorf("%s has no 200", route)
		return
	}
	if err := described.Value.Content.Get("application/json").Schema.Value.VisitJSON(a.object(t), openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: the answer is not as described: %v\n%s", route, err, a)
	}
}
