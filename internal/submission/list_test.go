package submission

import (
	"context"
	"fmt"
	"testing"
)

// A search looks at a bounded number of rows a page, says so, and finds everything
// over the pages, each once and newest first.
func TestASearchOverPagesFindsEachOnce(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		st.s.looked = 5
		want := map[string]bool{}
		for i := range 23 {
			word := "别的"
			if i%9 == 0 {
				word = "路灯"
			}
			r := st.send(st.in("", fmt.Sprintf("%s %d", word, i)))
			want[r.Number] = i%9 == 0
		}
		found, last, pages := map[string]int{}, int64(0), 0
		for f := (Filter{Q: "路灯", Limit: 2}); ; {
			p, err := st.s.List(ctx, st.officer(), st.c.Slug, f)
			must(t, err)
			pages++
			for _, x := range p.Items {
				if last != 0 && x.ID >= last {
					t.Errorf("%s is out of order", x.Receipt)
				}
				last = x.ID
				found[x.Receipt]++
			}
			if f.Cursor = p.Next; p.Next == 0 {
				break
			}
		}
		for number, is := range want {
			if found[number] != map[bool]int{true: 1}[is] {
				t.Errorf("%s was found %d times", number, found[number])
			}
		}
		if pages < 4 {
			t.Errorf("23 rows of which a page looks at 5 took %d pages", pages)
		}
		p, err := st.s.Comments(ctx, st.officer(), st.c.Slug, Filter{Q: "没有这个词"})
		must(t, err)
		if len(p.Items) != 0 || p.Looked != 5 || p.Next == 0 {
			t.Errorf("nothing found among the newest: %+v", p)
		}
	})
}

func TestListsShowWhatStandsInTheConsultationOnly(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		st.send(st.in("", "在这里"))
		other := st.open("at_once")
		in := st.in("", "在那里")
		in.Consultation = other.Slug
		st.send(in)
		p, err := st.s.Comments(ctx, st.officer(), st.c.Slug, Filter{})
		must(t, err)
		if len(p.Items) != 1 || p.Items[0].Text != "在这里" {
			t.Errorf("listed %+v", p.Items)
		}
		page, err := st.s.PublicComments(ctx, other.ID, nil, 0, 50)
		must(t, err)
		if len(page.Comments) != 1 || page.Next != 0 || page.Comments[0].Text != "在那里" || page.Counts["art-1"] != 1 {
			t.Errorf("public %+v", page)
		}
	})
}
