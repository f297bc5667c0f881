package meetingweb_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"guangyi/internal/meeting"
)

// api sends a request to the API as somebody (empty: as the public) and gives
// the status and the decoded body.
func (st *stage) api(method, path, who string, body any, header ...string) (int, map[string]any) {
	st.t.Helper()
	raw, err := json.Marshal(body)
	must(st.t, err)
	if body == nil {
		raw = nil
	}
	req, err := http.NewRequest(method, st.base+"/api/v1"+path, bytes.NewReader(raw))
	must(st.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	must(st.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(st.t, err)
	out := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			st.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, text)
		}
	}
	return res.StatusCode, out
}

// must is api with the status that must come.
func (st *stage) must(status int, method, path, who string, body any, header ...string) map[string]any {
	st.t.Helper()
	got, out := st.api(method, path, who, body, header...)
	if got != status {
		st.t.Fatalf("%s %s as %q: %d %v, want %d", method, path, who, got, out, status)
	}
	return out
}

type object = map[string]any

// openDay is a call for an open day, in the words of the API.
func (st *stage) openDay(seats int) object {
	now := st.clock.Now()
	return object{
		"organisation": "bureau", "title": "Laboratory open day", "lang": "en", "kind": "open_day", "method": "order", "seats": seats,
		"starts_at": now.Add(17 * day), "ends_at": now.Add(17*day + 3*3600e9), "place": "People's Road 100", "contact": "Office, 0571-1234 5688",
		"closes_at": now.Add(9 * day), "privacy": "For this visit only", "procedure": "plain",
	}
}

func person(n int) object {
	return object{"consent": true, "person": object{"name": fmt.Sprint("Visitor ", n), "phone": fmt.Sprintf("139%08d", n)}}
}

// publishedByAPI is the address of a call that programs made and approved.
func (st *stage) publishedByAPI(call object) string {
	st.t.Helper()
	slug := st.must(201, "POST", "/meetings", "secretary", call)["slug"].(string)
	st.must(200, "POST", "/meetings/"+slug+"/events", "secretary", object{"event": "submit"})
	st.must(200, "POST", "/meetings/"+slug+"/events", "reviewer", object{"event": "approve"})
	return slug
}

func TestAProgramCallsAndAPersonAppliesChangesAndWithdraws(t *testing.T) {
	each(t, func(st *stage) {
		slug := st.publishedByAPI(st.openDay(1))
		shown := st.must(200, "GET", "/meetings/"+slug, "", nil)
		if shown["status"] != "open" || shown["rules_digest"] == "" || shown["version"] != nil {
			st.t.Fatalf("shown %v", shown)
		}
		list := st.must(200, "GET", "/meetings?status=open&organisation=bureau&q=laboratory", "", nil)
		if len(list["items"].([]any)) != 1 {
			st.t.Errorf("list %v", list)
		}
		one := "/meetings/" + slug + "/applications"
		first := st.must(201, "POST", one, "", person(1), "Idempotency-Key", "a")
		if first["state"] != "seated" || first["number"] != 1.0 {
			st.t.Errorf("first %v", first)
		}
		again := st.must(201, "POST", one, "", person(1), "Idempotency-Key", "a")
		if again["secret"] != first["secret"] || again["reference"] != first["reference"] {
			st.t.Errorf("again %v", again)
		}
		st.must(409, "POST", one, "", person(2), "Idempotency-Key", "a")
		st.must(409, "POST", one, "", person(1), "Idempotency-Key", "b")
		st.must(422, "POST", one, "", object{"person": object{"name": "x"}})
		second := st.must(201, "POST", one, "", person(2))
		if second["state"] != "waiting" || second["position"] != 1.0 {
			st.t.Errorf("second %v", second)
		}
		mine := "/applications/" + first["reference"].(string)
		secret := first["secret"].(string)
		st.must(404, "GET", mine, "", nil, "Application-Secret", "AAAAA-AAAAA")
		st.must(404, "GET", mine, "", nil)
		changed := person(1)
		changed["person"].(object)["needs"] = "wheelchair"
		got := st.must(200, "PUT", mine, "", changed, "Application-Secret", secret)
		if got["person"].(object)["needs"] != "wheelchair" {
			st.t.Errorf("changed %v", got)
		}
		if got := st.must(200, "DELETE", mine, "", nil, "Application-Secret", secret); got["state"] != "withdrawn" {
			st.t.Errorf("withdrawn %v", got)
		}
		next := st.must(200, "GET", "/applications/"+second["reference"].(string), "", nil, "Application-Secret", second["secret"].(string))
		if next["state"] != "seated" {
			st.t.Errorf("the first who waited is %v", next["state"])
		}
		st.clock.Add(9 * day)
		st.must(410, "POST", one, "", person(3))
		st.must(201, "POST", one, "", person(1), "Idempotency-Key", "a")
	})
}

func TestStaffSeeApplicationsWithoutNamesAndOthersSeeNothing(t *testing.T) {
	each(t, func(st *stage) {
		slug := st.publishedByAPI(st.openDay(5))
		one := "/meetings/" + slug + "/applications"
		st.must(201, "POST", one, "", person(1))
		st.must(401, "GET", one, "", nil)
		st.must(404, "GET", one, "other-secretary", nil)
		st.must(403, "GET", one, "administrator", nil)
		got := st.must(200, "GET", one, "secretary", nil)
		text, _ := json.Marshal(got)
		if bytes.Contains(text, []byte("Visitor")) || bytes.Contains(text, []byte("139")) {
			st.t.Errorf("a name or number stands in %s", text)
		}
		a := got["items"].([]any)[0].(object)
		vet := one + "/" + a["id"].(string) + "/vet"
		st.must(422, "POST", vet, "secretary", object{"admit": false})
		st.must(409, "POST", vet, "secretary", object{"admit": false, "reason": "no", "version": 77})
		refused := st.must(200, "POST", vet, "secretary", object{"admit": false, "reason": "Not of age"})
		if refused["state"] != "refused" || refused["reason"] != "Not of age" {
			st.t.Errorf("refused %v", refused)
		}
		if back := st.must(200, "POST", vet, "secretary", object{"admit": true}); back["state"] != "seated" {
			st.t.Errorf("admitted again: %v", back)
		}
	})
}

// Five hundred people apply at once for twenty seats: every one of them is
// answered, twenty have a seat, all others wait in the order of their numbers.
func TestFiveHundredAtOnceNeverOverrunTwentySeats(t *testing.T) {
	const people, seats = 500, 20
	each(t, func(st *stage) {
		slug := st.publishedByAPI(st.openDay(seats))
		one := "/meetings/" + slug + "/applications"
		var wg sync.WaitGroup
		var mu sync.Mutex
		states, numbers := map[string]int{}, map[float64]bool{}
		begin := make(chan struct{})
		for n := range people {
			wg.Add(1)
			go func() {
				defer wg.Done()
				<-begin
				status, got := st.api("POST", one, "", person(n), "Idempotency-Key", fmt.Sprint("k", n))
				mu.Lock()
				defer mu.Unlock()
				if status != 201 {
					st.t.Errorf("application %d: %d %v", n, status, got)
					return
				}
				states[got["state"].(string)]++
				numbers[got["number"].(float64)] = true
			}()
		}
		close(begin)
		wg.Wait()
		if states["seated"] != seats || states["waiting"] != people-seats || len(numbers) != people {
			st.t.Fatalf("states %v, %d numbers", states, len(numbers))
		}
		m, err := st.meetings.BySlug(ctx, slug)
		must(st.t, err)
		if c := m.Counts[""]; c != (meeting.Count{Applied: people, Seated: seats, Waiting: people - seats}) {
			st.t.Errorf("counts %+v", c)
		}
		all, err := st.meetings.Applications(ctx, m.ID)
		must(st.t, err)
		for _, a := range all {
			if (a.Number <= seats) != (a.State == meeting.Seated) {
				st.t.Errorf("number %d is %s", a.Number, a.State)
			}
		}
	})
}
