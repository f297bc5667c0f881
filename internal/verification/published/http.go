package published

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

func (s *Site) api(parts ...string) *url.URL {
	u := s.base.JoinPath("api", "v1")
	for _, part := range parts {
		u = u.JoinPath(url.PathEscape(part))
	}
	return u
}

// with is an address with a query: names and values in turn.
func with(at *url.URL, query ...string) *url.URL {
	u := *at
	q := u.Query()
	for i := 0; i+1 < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	u.RawQuery = q.Encode()
	return &u
}

// next is the address of a list's next page.
func (s *Site) next(at *url.URL, given string) (*url.URL, error) {
	next, err := at.Parse(given)
	if err != nil {
		return nil, fmt.Errorf("%s: its next page has no address: %w", at, err)
	}
	if err := s.sameHost(&http.Request{URL: next}, nil); err != nil {
		return nil, fmt.Errorf("%s: its next page: %w", at, err)
	}
	return next, nil
}

// get reads JSON into a value where the answer is 200; nil reads nothing.
func (s *Site) get(ctx context.Context, at *url.URL, into any, headers ...string) (status int, err error) {
	answer, err := s.ask(ctx, s.client, at, headers...)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || into == nil {
		return answer.StatusCode, nil
	}
	if err := decode(answer.Body, into); err != nil {
		return 0, fmt.Errorf("%s: %w", at, err)
	}
	return answer.StatusCode, nil
}

// text reads an answer as it is.
func (s *Site) text(ctx context.Context, at *url.URL) (text string, status int, err error) {
	answer, err := s.ask(ctx, s.client, at)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	if err == nil && len(raw) > mostBytes {
		err = errTooLarge
	}
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", at, err)
	}
	return string(raw), answer.StatusCode, nil
}

// ask sends a request; one that is asked to come later does.
func (s *Site) ask(ctx context.Context, client *http.Client, at *url.URL, headers ...string) (*http.Response, error) {
	for try := 1; ; try++ {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Accept", "application/json")
		request.Header.Set("User-Agent", "guangyi-verify")
		for i := 0; i+1 < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		answer, err := client.Do(request)
		if err != nil || answer.StatusCode != http.StatusTooManyRequests || try == mostTries {
			return answer, err
		}
		_ = answer.Body.Close()
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(time.Duration(max(seconds, 1))*time.Second, mostWait)):
		}
	}
}

var errTooLarge = fmt.Errorf("more than %d MiB", mostBytes>>20)

// decode reads one JSON value of bounded size and nothing behind it.
func decode(from io.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(from, mostBytes+1))
	if err != nil {
		return err
	}
	if len(text) > mostBytes {
		return errTooLarge
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("not the JSON that was expected: %w", err)
	}
	return nil
}
