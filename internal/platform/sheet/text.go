package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errLongLine marks a line that was passed over because of its length.
var errLongLine = errors.New("line too long")

// lines yields a text file line by line, each with its end, in UTF-8.
type lines struct {
	from   *bufio.Reader
	end    byte // '\n', or '\r' in files of the old Macintosh
	limit  int
	number int      // of the line that next returned last, from 1
	again  []string // lines that were given back, the next one last
	strict bool     // bytes that are no text are U+FFFD after decoding
}

// newLines finds out the encoding by reading the source once: UTF-8 with or
// without its mark, UTF-16 with its mark, else GB18030, as Excel writes CSV on
// a Chinese Windows.
func newLines(source Source, limit int) (*lines, error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	found, err := survey(source)
	if err != nil {
		return nil, err
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var text io.Reader = source
	switch {
	case found.utf16:
		text = transform.NewReader(source, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case found.chinese():
		text = transform.NewReader(source, simplifiedchinese.GB18030.NewDecoder())
	}
	l := &lines{from: bufio.NewReaderSize(text, 64<<10), end: '\n', limit: limit}
	l.strict = found.utf16 || found.chinese()
	if !found.utf16 && found.feeds == 0 && found.returns > 0 {
		l.end = '\r'
	}
	if mark, _ := l.from.Peek(3); string(mark) == "\ufeff" {
		_, _ = l.from.Discard(3)
	}
	return l, nil
}

// next returns the next line with its end. At the end of the file it is io.EOF;
// errLongLine tells that the line was passed over.
func (l *lines) next() (string, error) {
	if len(l.again) > 0 {
		line := l.again[len(l.again)-1]
		l.again = l.again[:len(l.again)-1]
		l.number++
		return line, nil
	}
	var line []byte
	long := false
	for {
		part, err := l.from.ReadSlice(l.end)
		if long = long || len(line)+len(part) > l.limit; !long {
			line = append(line, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && err != io.EOF {
			return "", err
		}
		if err == io.EOF && len(line) == 0 && !long {
			return "", io.EOF
		}
		l.number++
		if long {
			return "", errLongLine
		}
		return string(line), nil
	}
}

// giveBack lets next return these lines once more.
func (l *lines) giveBack(taken []string) {
	l.number -= len(taken)
	for _, line := range slices.Backward(taken) {
		l.again = append(l.again, line)
	}
}

// fault tells why a text may not pass, empty when it may.
func (l *lines) fault(text string) Reason {
	switch {
	case !utf8.ValidString(text), l.strict && bytes.ContainsRune([]byte(text), utf8.RuneError):
		return BadEncoding
	case bytes.IndexByte([]byte(text), 0) >= 0:
		return BadControl
	}
	return ""
}

// sample is what one reading of a file tells about its encoding.
type sample struct {
	utf16          bool
	wide, broken   int // sequences of several bytes that are UTF-8, bytes that are not
	feeds, returns int
}

// chinese tells GB18030 from a UTF-8 file with a few broken bytes: text in
// GB18030 is hardly ever valid UTF-8, two bytes at a time.
func (s sample) chinese() bool {
	return !s.utf16 && s.broken > 0 && s.broken*4 > s.wide
}

func hasUTF16Mark(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF"))
}

func survey(r io.Reader) (sample, error) {
	var s sample
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(2)
	if s.utf16 = hasUTF16Mark(head); s.utf16 {
		return s, nil
	}
	for {
		block, err := in.Peek(in.Size())
		if len(block) == 0 {
			if err == io.EOF {
				return s, nil
			}
			return s, err
		}
		_, _ = in.Discard(s.count(block, err != nil))
	}
}

// count goes through a block and returns how much of it is settled: a sequence
// cut by the block's end waits for the next one, unless there is none.
func (s *sample) count(block []byte, last bool) int {
	for at := 0; at < len(block); {
		if b := block[at]; b < utf8.RuneSelf {
			s.feeds += btoi(b == '\n')
			s.returns += btoi(b == '\r')
			at++
			continue
		}
		if !last && !utf8.FullRune(block[at:]) {
			return at
		}
		r, size := utf8.DecodeRune(block[at:])
		if r == utf8.RuneError && size == 1 {
			s.broken++
		} else {
			s.wide++
		}
		at += size
	}
	return len(block)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
