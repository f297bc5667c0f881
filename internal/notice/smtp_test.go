package notice_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"guangyi/internal/notice"
)

// server is a mail server that takes one letter and speaks as RFC 5321 asks.
func server(t *testing.T) (address string, got <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	letters := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		letters <- talk(conn)
	}()
	return l.Addr().String(), letters
}

func talk(conn net.Conn) string {
	var all strings.Builder
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 test\r\n")
	body := false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return all.String()
		}
		all.WriteString(line)
		switch {
		case body && line == ".\r\n":
			body = false
			fmt.Fprint(conn, "250 taken\r\n")
		case body:
		case strings.HasPrefix(line, "EHLO"):
			fmt.Fprint(conn, "250-test\r\n250 8BITMIME\r\n")
		case strings.HasPrefix(line, "DATA"):
			body = true
			fmt.Fprint(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 bye\r\n")
			return all.String()
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func TestALetterReachesAMailServer(t *testing.T) {
	address, got := server(t)
	p, err := notice.NewSMTP("smtp://"+address+"?from=yijian@bureau.example", "https://yijian.example.gov")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Send(ctx, notice.Letter{
		To: "zhang@example.test", Subject: "回执\r\nBcc: everyone@example.test", Text: "您的意见已收到。\n", Lang: "zh-CN",
	})
	if err != nil {
		t.Fatal(err)
	}
	text := <-got
	for _, want := range []string{"MAIL FROM:<yijian@bureau.example>", "RCPT TO:<zhang@example.test>", "Content-Language: zh-CN", "charset=UTF-8", "@bureau.example>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Count(text, "RCPT TO") != 1 || strings.Contains(text, "\nBcc:") {
		t.Errorf("a subject became a header:\n%s", text)
	}
}

func TestALetterThatAnswersAMailSaysSo(t *testing.T) {
	address, got := server(t)
	p, err := notice.NewSMTP("smtp://"+address+"?from=yijian@bureau.example", "https://yijian.example.gov")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Send(ctx, notice.Letter{To: "zhang@example.test", Subject: "回执", Text: "收到。\n", ReplyTo: "advice+fairs@bureau.example", Answers: "one@home.example"})
	if err != nil {
		t.Fatal(err)
	}
	text := <-got
	for _, want := range []string{"Auto-Submitted: auto-replied", "In-Reply-To: <one@home.example>", "Reply-To: <advice+fairs@bureau.example>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestOnlyThisMachineIsSpokenToInTheOpen(t *testing.T) {
	for host, open := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true,
		"mail.example.gov": false, "192.0.2.1": false, "localhost.example": false, "127.0.0.1.example": false, "10.0.0.1": false,
	} {
		if got := notice.MayBeOpen(host); got != open {
			t.Errorf("%s without TLS: %v", host, got)
		}
	}
}

func TestAWrongMailSettingSaysWhatIsWrong(t *testing.T) {
	for _, address := range []string{"smtp://", "smtp://host:99999x", "%", "smtp://mail.example?from=not-an-address"} {
		if _, err := notice.NewSMTP(address, ""); err == nil || !strings.Contains(err.Error(), "GUANGYI_SMTP_URL") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
