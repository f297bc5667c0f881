package server_test

import (
	"context"
	"fmt"

	"guangyi/internal/platform/actor"
)

const tableOfLetters = "意见内容,条款,姓名\n摊位费按面积收,第一条,张三\n,第二条,\n别的,第九十九条,李四\n"

// importOf uploads a table with its columns confirmed, and tries it.
func (p *place) importOf(org, slug, text string) (id string) {
	p.t.Helper()
	ctx, who := context.Background(), p.acting(org, actor.Officer)
	j, err := p.services.Bulk.Upload(ctx, who, slug, "来信.csv", []byte(text))
	must(p.t, err)
	said, err := p.services.Bulk.Propose(ctx, j)
	must(p.t, err)
	n, err := p.services.Bulk.Confirm(ctx, who, slug, j.ID, "letter", said.Columns)
	must(p.t, err)
	_, err = p.services.Bulk.Work(ctx)
	must(p.t, err)
	return fmt.Sprint(n)
}

// importMaker tells how to make a table; nil for another room.
func (g *grid) importMaker(room, name string) func() string {
	if room+"/"+name != "imports/id" {
		return nil
	}
	return func() string {
		g.tables++
		return g.importOf(g.owner, g.slug, fmt.Sprintf("text\n%s%d\n", secretComment, g.tables))
	}
}

// importNames adds tables in several states to the open consultation.
func (x *exhibition) importNames() {
	x.t.Helper()
	ctx, who, slug := context.Background(), x.acting("own", actor.Officer), x.names["open"]
	j, err := x.services.Bulk.Upload(ctx, who, slug, "待核对.csv", []byte("甲,乙,内容\n1,"+fmt.Sprintf("%0300d", 7)+",同意\n"))
	must(x.t, err)
	x.names["import-new"] = fmt.Sprint(j.ID)
	x.names["import-tried"] = x.importOf("own", slug, tableOfLetters)
}

// importPages are the addresses of the pages of tables.
func importPages() map[string][]shown {
	const officer, reviewer = actor.Officer, actor.Reviewer
	all := "/staff/consultations/{open}/imports"
	return map[string][]shown{
		"/staff/consultations/:slug/imports":             {{all, officer, 0}, {"/staff/consultations/{published}/imports", officer, 0}, {all, reviewer, 403}},
		"/staff/consultations/:slug/imports/:id":         {{all + "/{import-new}", officer, 0}, {all + "/{import-tried}", officer, 0}, {all + "/1", officer, 404}},
		"/staff/consultations/:slug/imports/:id/columns": {{all + "/{import-tried}/columns", officer, 0}, {all + "/{import-tried}/columns", reviewer, 403}},
	}
}
