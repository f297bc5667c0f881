package outline

import "testing"

func TestForeignWordsInItsArticlesMakeALawNotEnglish(t *testing.T) {
	o := Parse("第一条 x<script>x</script><img src=x onerror=alert(2)>\n\n第二条 See https://www.example.org/some/long/address\n", Markdown)
	if o.Language != "zh-CN" || len(o.Provisions) != 2 || o.Provisions[0].Key != "art-1" || o.Provisions[1].Key != "art-2" {
		t.Fatalf("%s %+v", o.Language, o.Provisions)
	}
}
