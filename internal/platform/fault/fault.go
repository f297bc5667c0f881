// Package fault is the one place where the domain's errors are typed. A fault
// carries what went wrong (its kind), which message explains it (its code) and
// which fields are concerned; platform/web maps kinds to HTTP once.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of refusal a fault is. The zero value is never valid.
type Kind int

// The kinds and the HTTP status each is mapped to in platform/web.
const (
	Malformed       Kind = iota + 1 // 400: cannot be read at all
	Unauthenticated                 // 401: who are you
	Forbidden                       // 403: your role may not, or it is your own work
	NotFound                        // 404: not there, or not for you to see
	Conflict                        // 409: the state or a newer version stands against it
	Gone                            // 410: it was possible and no longer is
	TooLarge                        // 413: the body is larger than any form
	Unsupported                     // 415: the content type is not understood
	Invalid                         // 422: the content has faults; Fields names them
	TooMany                         // 429: wait RetryAfter
	Unavailable                     // 503: try again after RetryAfter
	Unbuilt                         // 501: this site does not offer it
)

// Field is one fault of one input. Name is a path such as comments[0].text;
// Code is a message key below "error.", Args its values in name, value pairs.
type Field struct {
	Name string
	Code string
	Args []any
}

// Error is a refusal that the person can be told about. Code is a message key
// below "error." (its last part is also the problem type of the API).
type Error struct {
	Kind       Kind
	Code       string
	Args       []any
	Fields     []Field
	RetryAfter time.Duration
	cause      error
}

// New makes a fault; args are name, value pairs for the message.
func New(kind Kind, code string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Args: args}
}

// Wrap makes a fault that keeps its cause for the log; readers never see it.
func Wrap(cause error, kind Kind, code string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Args: args, cause: cause}
}

// Missing is the answer for what is not there and for what may not be seen.
func Missing() *Error { return New(NotFound, "not_found") }

// Stale is the answer to a change made against an older version of a row.
func Stale() *Error { return New(Conflict, "stale") }

// Error gives kind, code and fields in English for logs and tests.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Name, f.Code)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// As finds the fault in an error chain.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}

// Is reports whether err is a fault of the kind.
func Is(err error, kind Kind) bool {
	f, ok := As(err)
	return ok && f.Kind == kind
}

// AsInvalid finds the fault of a form whose fields were refused.
func AsInvalid(err error) (*Error, bool) {
	f, ok := As(err)
	return f, ok && f.Kind == Invalid
}

// Fields collects the faults of a form before they are returned together.
type Fields []Field

// Add notes a fault of a field.
func (f *Fields) Add(name, code string, args ...any) {
	*f = append(*f, Field{Name: name, Code: code, Args: args})
}

// Err is nil when nothing was noted, otherwise an Invalid fault with all fields.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Args: []any{"count", len(f)}, Fields: f}
}
