package attachment

import (
	"archive/zip"
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// kind is a type of file that people attach to a notice. The first extension is
// the usual one.
type kind struct {
	mediaType  string
	extensions []string
}

const oldOffice = "application/x-ole-storage"

// kinds are found by content; a file of any other content is refused, archives,
// pages, programs and documents with macros among them.
var kinds = map[string]kind{
	"application/pdf": {"application/pdf", []string{".pdf"}},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx", ".wps"}},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx", ".et"}},
	"application/vnd.oasis.opendocument.text":        {"application/vnd.oasis.opendocument.text", []string{".odt"}},
	"application/vnd.oasis.opendocument.spreadsheet": {"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}},
	"application/msword":                             {"application/msword", []string{".doc", ".wps"}},
	"application/vnd.ms-excel":                       {"application/vnd.ms-excel", []string{".xls", ".et"}},
	"image/png":                                      {"image/png", []string{".png"}},
	"image/jpeg":                                     {"image/jpeg", []string{".jpg", ".jpeg"}},
}

// olds are what the container of old office files may be when its directory does
// not tell, as WPS writes it; the name decides among them.
var olds = map[string]kind{
	".wps": {"application/vnd.ms-works", []string{".wps"}},
	".doc": {"application/msword", []string{".doc"}},
	".xls": {"application/vnd.ms-excel", []string{".xls"}},
}

// texts are told from each other by name only: their content is the same.
var texts = map[string]kind{
	".txt": {"text/plain; charset=utf-8", []string{".txt"}},
	".md":  {"text/markdown; charset=utf-8", []string{".md"}},
}

// Picture reports an image that a browser may show: it runs nothing, whatever else
// the file holds, as long as it is served as what it is (see Header).
func (a Attachment) Picture() bool { return a.MediaType == "image/png" || a.MediaType == "image/jpeg" }

// harmless are endings that a file of another content may keep: no program runs
// what they name by itself.
var harmless = strings.Fields(".zip .rar .7z .eml .msg .gif .webp .heic .heif .tif .tiff .bmp .ofd .csv .rtf .ppt .pptx .dps " +
	".mp3 .m4a .wav .amr .aac .mp4 .mov .3gp")

// anything is the kind of content that is kept whatever it is.
func anything(name string) kind {
	extension := strings.ToLower(path.Ext(name))
	if !slices.Contains(harmless, extension) {
		extension = ".bin"
	}
	return kind{"application/octet-stream", []string{extension}}
}

// detect finds the kind of a file by its content.
func detect(name string, data []byte) (kind, bool) {
	found := mimetype.Detect(data)
	extension := strings.ToLower(path.Ext(name))
	if isText(found) {
		k, ok := texts[extension]
		if ok && !utf8.Valid(data) {
			k.mediaType, ok = "text/plain; charset=gb18030", extension == ".txt" && isGB18030(data)
		}
		return k, ok
	}
	if found.Is(oldOffice) {
		k, ok := olds[extension]
		return k, ok
	}
	for mediaType, k := range kinds {
		if found.Is(mediaType) {
			return k, !hasMacros(data)
		}
	}
	return kind{}, false
}

// isGB18030 reports Chinese text as older editors save it (GB 18030).
func isGB18030(data []byte) bool {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// isText reports whether content is plain text of some sort. Pages and drawings,
// which a browser might run, are not.
func isText(m *mimetype.MIME) bool {
	for at := m; at != nil; at = at.Parent() {
		if at.Is("text/html") || at.Is("text/xml") || at.Is("image/svg+xml") {
			return false
		}
		if at.Is("text/plain") {
			return true
		}
	}
	return false
}

// hasMacros looks for a program inside an office document.
func hasMacros(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false // no zip container
	}
	return slices.ContainsFunc(z.File, func(f *zip.File) bool {
		return strings.EqualFold(path.Base(f.Name), "vbaProject.bin")
	})
}

// nameLength is the longest name of a download, in characters.
const nameLength = 120

// downloadName is the name that people gave, without folders and without what
// could hide its true extension, ending as its kind does.
func downloadName(given string, extensions []string) string {
	given = strings.ToValidUTF8(given, "")
	if i := strings.LastIndexAny(given, `/\`); i >= 0 {
		given = given[i+1:]
	}
	given = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, given)
	extension := strings.ToLower(path.Ext(given))
	stem := strings.Trim(strings.TrimSuffix(given, path.Ext(given)), " .")
	if !slices.Contains(extensions, extension) {
		stem, extension = strings.Trim(given, " ."), extensions[0]
	}
	if r := []rune(stem); len(r) > nameLength {
		stem = string(r[:nameLength])
	}
	if stem == "" {
		stem = "附件"
	}
	return stem + extension
}
