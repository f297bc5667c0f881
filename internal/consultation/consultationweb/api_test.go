package consultationweb_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAConsultationGoesItsWayByTheAPI(t *testing.T) {
	each(t, func(o *office) {
		slug := o.opened()
		one := o.call("", "GET", "/consultations/"+slug, nil)
		o.want(one, 200)
		m := one.object(o.t)
		if m["status"] != "open" || m["organisation"] != "bureau" || m["comments_public"] != "at_once" || m["state"] != nil {
			o.t.Errorf("the public sees %v", m)
		}
		if o.call("officer", "GET", "/consultations/"+slug, nil).object(o.t)["state"] != "approved" {
			o.t.Error("the officer does not see the state")
		}
		rows, _ := o.call("", "GET", "/consultations/"+slug+"/provisions", nil).object(o.t)["items"].([]any)
		if len(rows) != 6 {
			o.t.Errorf("%d provisions: %v", len(rows), rows)
		}
		list := o.call("", "GET", "/consultations?status=open", nil)
		o.want(list, 200, `"slug":"`+slug+`"`, `"next":null`)
		o.want(o.call("", "GET", "/consultations?status=closed", nil), 200, `"items":[]`)
		o.want(o.call("", "GET", "/consultations?organisation=nobody", nil), 200, `"items":[]`)

		o.want(o.call("officer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "approve"}), 403)
		o.want(o.call("reviewer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "publish_summary"}), 409)
		o.want(o.call("reviewer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "withdraw"}), 422, `"field":"note"`)
		o.want(o.call("officer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "extend"}), 422, `"field":"closes_at"`)
		later := o.clock.Now().Add(90 * 24 * time.Hour).Format(time.RFC3339)
		o.want(o.call("officer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "extend", "closes_at": later}), 200, `"status":"open"`)
		o.want(o.call("reviewer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "withdraw", "note": "上位法在修改"}), 200)
		o.want(o.call("", "GET", "/consultations/"+slug, nil), 200, `"status":"withdrawn"`, "上位法在修改")
	})
}

func TestTheAPIRefusesInTheContractsOrder(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "name": "x.md", "text": law})
		o.want(made, 201)
		slug, _ := made.object(o.t)["slug"].(string)
		one := "/consultations/" + slug
		for _, x := range []struct {
			who, method, path string
			body              any
			status            int
			holds             string
		}{
			{"", "GET", one, nil, 404, ""},
			{"other-officer", "GET", one, nil, 404, ""},
			{"", "PATCH", one, map[string]any{"title": "x"}, 401, ""},
			{"forged", "PATCH", one, map[string]any{"title": "x"}, 401, ""},
			{"other-officer", "PATCH", one, map[string]any{"title": "x"}, 404, ""},
			{"auditor", "PATCH", one, map[string]any{"title": "x"}, 403, ""},
			{"officer", "PATCH", one, map[string]any{"title": 7}, 422, `"field":"title"`},
			{"officer", "PATCH", one, map[string]any{"channels": []string{"pigeon"}}, 422, `"field":"channels"`},
			{"officer", "PATCH", one, map[string]any{"channels": 7}, 422, `channels"`},
			{"officer", "PATCH", one, map[string]any{"channels": []any{7}}, 422, `channels"`},
			{"officer", "PATCH", one, map[string]any{"closes_at": 7}, 422, `"field":"closes_at"`},
			{"officer", "PATCH", one, map[string]any{"closes_at": "tomorrow"}, 422, `"field":"closes_at"`},
			{"officer", "PATCH", one, map[string]any{"title": strings.Repeat("长", 201)}, 422, `"field":"title"`},
			{"officer", "PATCH", one, map[string]any{"title": "x", "version": 99}, 409, "/stale"},
			{"officer", "POST", one + "/events", map[string]any{"event": "dance"}, 422, `"field":"event"`},
			{"officer", "POST", one + "/events", map[string]any{"event": "submit"}, 422, `"field":"background"`},
			{"officer", "POST", one + "/events", map[string]any{"event": "decide"}, 409, ""},
			{"", "GET", one + "/draft", nil, 401, ""},
			{"other-officer", "GET", one + "/record", nil, 404, ""},
			{"officer", "GET", "/consultations/no-such", nil, 404, ""},
			{"", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": law}, 401, ""},
			{"other-officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": law}, 404, ""},
			{"officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": " "}, 422, `"field":"text"`},
			{"officer", "GET", one + "/provisions?version=2", nil, 404, ""},
			{"officer", "GET", one + "/provisions?version=x", nil, 404, ""},
			{"officer", "GET", one + "/provisions?version=1", nil, 200, "art-1"},
			{"officer", "GET", "/consultations?status=prepared", nil, 200, slug},
			{"", "GET", "/consultations?status=prepared", nil, 200, `"items":[]`},
			{"auditor", "GET", one + "/record", nil, 200, `"action":"import"`},
		} {
			a := o.call(x.who, x.method, x.path, x.body)
			if a.status != x.status || !strings.Contains(a.body, x.holds) {
				o.t.Errorf("%s %s %s: %d %.300s, want %d with %q", x.who, x.method, x.path, a.status, a.body, x.status, x.holds)
			}
		}
	})
}

func TestAChannelListMayNameDetails(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": law})
		slug, _ := made.object(o.t)["slug"].(string)
		a := o.call("officer", "PATCH", "/consultations/"+slug, map[string]any{
			"channels": []any{"web", map[string]any{"channel": "letter", "detail": "人民路100号"}}, "opens_at": nil, "answer_due": "2027-01-22T00:00:00+08:00",
		})
		o.want(a, 200, `"channels":["web",{"channel":"letter","detail":"人民路100号"}]`, `"answer_due":"2027-01-21T16:00:00Z"`)
	})
}

// What was sent comes back as it was; null empties a time, and silence leaves it.
func TestATimeIsEmptiedByNull(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": law})
		slug, _ := made.object(o.t)["slug"].(string)
		one := "/consultations/" + slug
		o.want(o.call("officer", "PATCH", one, map[string]any{"channels": []string{"web", "email"}, "closes_at": "2027-01-22T00:00:00+08:00"}), 200,
			`"channels":["web","email"]`, `"closes_at":"2027-01-21T16:00:00Z"`)
		o.want(o.call("officer", "PATCH", one, map[string]any{"title": "甲"}), 200, `"closes_at":"2027-01-21T16:00:00Z"`)
		o.want(o.call("officer", "PATCH", one, map[string]any{"closes_at": nil}), 200, `"closes_at":null`)
	})
}

func TestRowsAreCorrectedByTheAPI(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": "第一条 甲。\n第二条 乙。"})
		slug, _ := made.object(o.t)["slug"].(string)
		path := "/consultations/" + slug + "/draft"
		d := o.call("officer", "GET", path, nil).object(o.t)
		rows, _ := d["provisions"].([]any)
		if len(rows) != 2 || d["source"] != "第一条 甲。\n第二条 乙。" {
			o.t.Fatalf("draft %v", d)
		}
		first, _ := rows[0].(map[string]any)
		first["heading"], first["text"] = first["text"], ""
		o.want(o.call("officer", "PUT", path, map[string]any{"provisions": rows, "version": d["version"]}), 200, `"heading":"甲。"`)
		o.want(o.call("officer", "PUT", path, map[string]any{"provisions": rows, "version": d["version"]}), 409)
		o.want(o.call("officer", "PUT", path, map[string]any{"provisions": rows[:1]}), 422, "第二条乙。")
		o.want(o.call("officer", "PUT", path, map[string]any{"text": "Article 1\nOne.", "name": "a.txt"}), 200, `"lang":"en"`)
	})
}

func TestFilesAreAttachedWhileTheNoticeIsPrepared(t *testing.T) {
	each(t, func(o *office) {
		made := o.call("officer", "POST", "/consultations", map[string]any{"organisation": "bureau", "text": law})
		slug, _ := made.object(o.t)["slug"].(string)
		path := "/consultations/" + slug + "/attachments"
		file := map[string]any{"title": "起草说明", "name": "说明.txt", "data": []byte("草案坚持三条。")}
		o.want(o.call("other-officer", "POST", path, file), 404)
		o.want(o.call("reviewer", "POST", path, file), 403)
		put := o.call("officer", "POST", path, file)
		o.want(put, 201, `"title":"起草说明"`)
		address, _ := put.object(o.t)["url"].(string)
		address = strings.TrimPrefix(address, "http://guangyi.test")
		o.want(o.get("", address), 404)
		got := o.get("officer", address)
		o.want(got, 200, "草案坚持三条。")
		if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
			o.t.Errorf("Content-Disposition %q", d)
		}
		o.want(o.call("officer", "GET", path, nil), 200, `"name":"说明.txt"`)

		room := "/staff" + path
		o.want(o.get("officer", room), 200, "起草说明", `type="file"`)
		o.want(o.post("officer", room, room, url.Values{"title": {"没有文件"}}), 422, "请选一个文件", `value="没有文件"`)
		second := o.call("officer", "POST", path, map[string]any{"name": "多余.txt", "data": []byte("多余")}).object(o.t)
		o.want(o.post("officer", room, room, url.Values{"remove": {second["id"].(string)}}), 303)
		if a := o.get("officer", room); strings.Contains(a.body, "多余.txt") {
			o.t.Error("a removed file is still there")
		}

		o.want(o.call("officer", "PATCH", "/consultations/"+slug, noticeJSON(o.clock.Now())), 200)
		o.want(o.call("officer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "submit"}), 200)
		id, _ := put.object(o.t)["id"].(string)
		o.want(o.call("officer", "DELETE", path+"/"+id, nil), 409)
		o.want(o.call("reviewer", "POST", "/consultations/"+slug+"/events", map[string]any{"event": "approve"}), 200)
		o.want(o.get("", "/consultations/"+slug), 200, "起草说明", address)
		o.want(o.get("", address), 200)
		other := o.opened()
		o.want(o.get("", strings.Replace(address, slug, other, 1)), 404)
	})
}
