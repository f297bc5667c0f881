package meetingweb_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// upload sends a file with the token of the page at path.
func (b *browser) upload(path, name, text string) answer {
	b.st.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(b.st.t, w.WriteField("csrf", token.FindStringSubmatch(b.get(path).body)[1]))
	must(b.st.t, w.WriteField("title", "收费对照表"))
	must(b.st.t, w.WriteField("lang", "zh-CN"))
	f, err := w.CreateFormFile("file", name)
	must(b.st.t, err)
	_, err = f.Write([]byte(text))
	must(b.st.t, err)
	must(b.st.t, w.Close())
	r, err := http.NewRequest("POST", b.st.base+path, &body)
	must(b.st.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.read(r)
}

var fileLink = regexp.MustCompile(`/meetings/[a-z0-9-]+/attachments/(\d+)`)

func TestAPublicPaperIsReadWithTheCall(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		room, page := "/staff/meetings/"+m.Slug+"/attachments", "/meetings/"+m.Slug
		b := st.browser("secretary")
		st.want(b.post(room, room, url.Values{}), 422, "请选一个文件")
		st.want(b.upload(room, "fees.txt", "第一项 床位费"), 200, "收费对照表", "已保存")
		call := st.browser("").get(page)
		st.want(call, 200, "收费对照表")
		link := fileLink.FindStringSubmatch(call.body)
		if link == nil {
			t.Fatal("the call leads to no paper")
		}
		st.want(st.browser("").get(link[0]), 200, "床位费")
		st.want(b.post(room, room, url.Values{"remove": {link[1]}}), 200, "还没有公开材料")
		st.want(st.browser("").get(link[0]), 404)
		st.want(st.browser("officer").get(room), 200)
		st.want(st.browser("other-secretary").get(room), 404)
	})
}
