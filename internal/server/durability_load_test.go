package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// taken is a submission that was acknowledged, with the key it was sent under.
type taken struct {
	key, text string
	receipt   receipt
}

// intakeLoad sends from several connections until it is told to stop.
type intakeLoad struct {
	mu    sync.Mutex
	taken []taken
	sent  map[string]string // every key that was sent, acknowledged or not
}

func (l *intakeLoad) acknowledged(one taken) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[one.key] = one.text
	l.taken = append(l.taken, one)
}

func (l *intakeLoad) sending(key, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[key] = text
}

// send posts one after the other. What got no answer is sent again under its key,
// until there is one or the end.
func (l *intakeLoad) send(base, slug, name string, stop chan struct{}) {
	for i := 0; ; i++ {
		key, text := fmt.Sprintf("%s-%d", name, i), fmt.Sprintf("第%s-%d条意见", name, i)
		l.sending(key, text)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if r, err := post(base, slug, key, text); err == nil {
				l.acknowledged(taken{key, text, r})
				break
			}
			time.Sleep(30 * time.Millisecond) // the program or its database is dead
		}
	}
}

// post sends one submission; any answer but an acknowledgement is an error.
func post(base, slug, key, text string) (receipt, error) {
	raw, err := json.Marshal(letter(text))
	if err != nil {
		return receipt{}, err
	}
	req, err := http.NewRequest("POST", base+api+"/consultations/"+slug+"/submissions", bytes.NewReader(raw))
	if err != nil {
		return receipt{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return receipt{}, err
	}
	defer resp.Body.Close()
	var doc struct{ Receipt, Secret string }
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		return receipt{}, err
	}
	if resp.StatusCode != 201 && resp.StatusCode != 200 {
		return receipt{}, fmt.Errorf("status %d", resp.StatusCode)
	}
	return receipt{doc.Receipt, doc.Secret}, nil
}
