package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guangyi/internal/platform/pdf"
)

func open(data []byte) (string, bool, error) {
	return pdf.Text(bytes.NewReader(data), int64(len(data)))
}

// TestChineseIsReadAsItWasWritten: the files were printed from one page by
// Chromium, which makes fonts without codes of characters, and by LibreOffice.
func TestChineseIsReadAsItWasWritten(t *testing.T) {
	for _, name := range []string{"chromium.pdf", "libreoffice.pdf"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		text, cut, err := open(data)
		if err != nil || cut {
			t.Fatalf("%s: %v, cut %v", name, err, cut)
		}
		for _, want := range []string{
			"第七条第一款建议改为：“公园应当每日开放不少于十二小时”。老人清晨五点半就要锻炼，现在六点半才开门。", "English words too: opening hours.",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q in %q", name, want, text)
			}
		}
	}
}

// made writes a file of one page with one font.
func made(font, content string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>")
	object(font)
	object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
	object("<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>")
	end := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, end)
	return b.Bytes()
}

func composite(encoding string) string {
	return "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/" + encoding + "/DescendantFonts[6 0 R]>>"
}

func shown(text string) string { return fmt.Sprintf("BT /F1 12 Tf 50 700 Td <%x> Tj ET", text) }

func TestPredefinedCMapsNeedNoMapOfTheFile(t *testing.T) {
	const want = "征求意见稿：第十二条"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	var ucs2 []byte
	for _, r := range want {
		ucs2 = append(ucs2, byte(r>>8), byte(r))
	}
	for encoding, codes := range map[string]string{
		"GBK-EUC-H": gbk, "GB-EUC-H": gbk, "GBKp-EUC-H": gbk, "GBK2K-H": gbk, "UniGB-UCS2-H": string(ucs2), "UniGB-UTF16-H": string(ucs2),
	} {
		if text, _, err := open(made(composite(encoding), shown(codes))); err != nil || text != want {
			t.Errorf("%s: %q, %v", encoding, text, err)
		}
	}
}

func TestGlyphsWithoutAMapAreNoText(t *testing.T) {
	if text, _, err := open(made(composite("Identity-H"), shown("\x01\x02\x03\x04"))); err != nil || text != "" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestLinesAndGapsArePlacedAsTheyAreSeen(t *testing.T) {
	const font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
	for content, want := range map[string]string{
		"BT /F1 12 Tf 50 700 Td (One) Tj 0 -20 Td (two) Tj ET":                           "One\ntwo",
		"BT /F1 12 Tf 50 700 Td [(op)20(en)-500(hours)] TJ ET":                           "open hours",
		"BT /F1 12 Tf 200 700 Td (right) Tj ET BT /F1 12 Tf 50 700 Td (left) Tj ET":      "left right",
		"BT /F1 12 Tf 50 700 Td (a\\(b\\)\\101) Tj ET":                                   "a(b)A",
		"q BI /W 1 /H 1 ID (x) Tj EI x EI Q BT /F1 12 Tf 50 700 Td (after) Tj ET":        "after",
		"BT /F1 12 Tf 14 TL 50 700 Td (a) Tj T* (b) Tj (c) ' ET":                         "a\nb\nc",
		"BT /F1 12 Tf 50 700 Td (caf\\351) Tj ET % a comment (with) Tj\n":                "café",
		"BT /F9 12 Tf 50 700 Td (no such font) Tj ET BT /F1 1 Tf 50 600 Td (is) Tj ET":   "is",
		"BT /F1 12 Tf 1 0 0 1 50 700 Tm (one) Tj 1 0 0 1 50 720 Tm (line above) Tj ET":   "one\nline above",
		"BT /F1 12 Tf 50 700 Td <6f6E65> Tj ET Q Q Q BT /F1 12 Tf 50 600 Td (two) Tj ET": "one\ntwo",
	} {
		if text, _, err := open(made(font, content)); err != nil || text != want {
			t.Errorf("%s\nreads %q, %v, want %q", content, text, err, want)
		}
	}
}

func TestWhatIsNoPDFOrProtectedSaysSo(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "a head alone": []byte("%PDF-1.7\n"),
		"half a file": made(composite("GBK-EUC-H"), shown("a"))[:300],
	} {
		if _, _, err := open(data); !errors.Is(err, pdf.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	locked := bytes.Replace(made(composite("GBK-EUC-H"), shown("a")), []byte("/Root 1 0 R"),
		[]byte("/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<"+strings.Repeat("00", 32)+">/U<"+strings.Repeat("11", 32)+">>>"), 1)
	if _, _, err := open(locked); !errors.Is(err, pdf.ErrProtected) {
		t.Errorf("a protected file: %v", err)
	}
}

func TestAFormThatPaintsItselfEnds(t *testing.T) {
	data := made("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", "BT /F1 12 Tf 50 700 Td (x) Tj ET /Me Do")
	data = bytes.Replace(data, []byte("/F1 4 0 R>>"), []byte("/F1 4 0 R>>/XObject<</Me 7 0 R>>"), 1)
	if _, _, err := open(data); err != nil && !errors.Is(err, pdf.ErrDamaged) {
		t.Error(err)
	}
}

func FuzzText(f *testing.F) {
	f.Add(made(composite("GBK-EUC-H"), shown("\xd6\xd0")))
	f.Add(made("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>", "1 beginbfrange <00><ff><4e00> endbfrange BT /F1 1 Tf (ab) Tj ET"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if text, _, err := open(data); err == nil && len(text) > pdf.MostText {
			t.Errorf("%d bytes of text", len(text))
		}
	})
}

// FuzzPage keeps the frame right and changes what is painted and the map of codes.
func FuzzPage(f *testing.F) {
	f.Add("BT /F1 12 Tf 50 700 Td <0001> Tj ET", "1 begincodespacerange <0000><ffff> endcodespacerange 1 beginbfrange <0000><0010>[<4e00>] endbfrange")
	f.Add("q 1 0 0 1 0 0 cm BT /F1 12 Tf [(a)-500(b)] TJ T* (c)' ET Q BI ID EI", "beginbfchar <01><d842dfb7> endbfchar")
	f.Fuzz(func(t *testing.T, content, mapping string) {
		data := made("<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</DW 500>>]>>", content)
		data = bytes.Replace(data, []byte("<</Type/Font/Subtype/CIDFontType2"), fmt.Appendf(nil, "<</Length %d>>\nstream\n%s\nendstream\nendobj\n<</X", len(mapping), mapping), 1)
		if text, _, err := open(data); err == nil && len(text) > 50*(len(content)+len(mapping)+20)*(len(mapping)+1) {
			t.Errorf("%d bytes of text out of %d", len(text), len(content))
		}
	})
}
