package submission

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestEveryFieldOfASubmissionTellsTwoContentsApart(t *testing.T) {
	each(t, func(st *stage) {
		in := st.in("k", "一", "二")
		before := st.s.bodyHash(in)
		for _, at := range []func(*In) reflect.Value{
			func(x *In) reflect.Value { return reflect.ValueOf(x).Elem() },
			func(x *In) reflect.Value { return reflect.ValueOf(&x.Submitter).Elem() },
			func(x *In) reflect.Value { return reflect.ValueOf(&x.Comments[1]).Elem() },
		} {
			for i := range at(&in).NumField() {
				other := in
				other.Comments = append([]Part(nil), in.Comments...)
				name := at(&other).Type().Field(i).Name
				if !alter(at(&other).Field(i)) {
					continue // looked into by itself
				}
				same := bytes.Equal(before, st.s.bodyHash(other))
				if free := slices.Contains([]string{"Key", "ReceivedAt", "Held", "Entry"}, name); same != free {
					t.Errorf("another %s: the same content is %v", name, same)
				}
			}
		}
		in.Comments = in.Comments[:1]
		if bytes.Equal(before, st.s.bodyHash(in)) {
			t.Error("a comment less is the same content")
		}
	})
}

func alter(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		if v.Type() != reflect.TypeFor[time.Time]() {
			return false
		}
		v.Set(reflect.ValueOf(v.Interface().(time.Time).Add(time.Second)))
	}
	return true
}
