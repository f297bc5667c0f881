package mailbox

import (
	"context"
	"errors"
	"slices"
	"testing"

	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/imaptest"
)

// wrong gives the fields of an Invalid fault.
func wrong(err error) (names []string) {
	f, ok := fault.AsInvalid(err)
	if !ok {
		return nil
	}
	for _, x := range f.Fields {
		names = append(names, x.Name)
	}
	return names
}

func TestSettingsAreChecked(t *testing.T) {
	each(t, func(st *stage) {
		for name, change := range map[string]func(*AccountIn){
			"address":  func(in *AccountIn) { in.Address = "advice+x@bureau.example" },
			"host":     func(in *AccountIn) { in.Host = "https://imap.example" },
			"port":     func(in *AccountIn) { in.Port = 70000 },
			"security": func(in *AccountIn) { in.Security = "none" },
			"username": func(in *AccountIn) { in.Username = "a\r\nLOGOUT" },
			"folder":   func(in *AccountIn) { in.Folder = "a\r\nb" },
			"password": func(in *AccountIn) { in.Password = "" },
		} {
			in := st.settings("third@bureau.example")
			change(&in)
			_, err := st.mail.Save(context.Background(), st.as(9, "administrator"), 0, in, 0)
			if got := wrong(err); !slices.Equal(got, []string{name}) {
				st.t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := st.mail.Save(context.Background(), st.as(9, "administrator"), 0, st.settings(box), 0); !slices.Equal(wrong(err), []string{"address"}) {
			st.t.Errorf("the same mailbox twice: %v", err)
		}
	})
}

// A stored password goes to the server that it was given for, and to no other.
func TestAStoredPasswordIsNotSentElsewhere(t *testing.T) {
	each(t, func(st *stage) {
		for name, change := range map[string]func(*AccountIn){
			"host": func(in *AccountIn) { in.Host = "localhost" }, "port": func(in *AccountIn) { in.Port++ },
			"user": func(in *AccountIn) { in.Username = other }, "security": func(in *AccountIn) { in.Security = STARTTLS },
		} {
			in := st.settings(box)
			in.Password = ""
			change(&in)
			_, saved := st.mail.Save(context.Background(), st.as(9, "administrator"), st.account.ID, in, 0)
			_, tested := st.mail.Test(context.Background(), st.as(9, "administrator"), st.account.ID, in)
			if !slices.Equal(wrong(saved), []string{"password"}) || !slices.Equal(wrong(tested), []string{"password"}) {
				st.t.Errorf("%s: %v, %v", name, saved, tested)
			}
		}
		in := st.settings(box)
		in.Password, in.Folder = "", "INBOX"
		if _, err := st.mail.Save(context.Background(), st.as(9, "administrator"), st.account.ID, in, 0); err != nil {
			st.t.Errorf("without a change: %v", err)
		}
	})
}

func TestOnlyOwnAdministratorsChangeAMailbox(t *testing.T) {
	each(t, func(st *stage) {
		ctx := context.Background()
		elsewhere := st.as(8, "administrator")
		elsewhere.Grants[0].Organisation++
		if _, err := st.mail.Save(ctx, st.officer(), st.account.ID, st.settings(box), 0); !fault.Is(err, fault.Forbidden) {
			st.t.Errorf("an officer: %v", err)
		}
		if _, err := st.mail.Save(ctx, elsewhere, st.account.ID, st.settings(box), 0); !fault.Is(err, fault.NotFound) {
			st.t.Errorf("another organisation's: %v", err)
		}
		if _, err := st.mail.Test(ctx, elsewhere, st.account.ID, st.settings(box)); !fault.Is(err, fault.NotFound) {
			st.t.Errorf("another organisation's tests it: %v", err)
		}
		if _, err := st.mail.Account(ctx, elsewhere, st.account.ID); !fault.Is(err, fault.NotFound) {
			st.t.Errorf("another organisation's sees it: %v", err)
		}
		if list, sees, err := st.mail.Accounts(ctx, st.officer()); err != nil || !sees || len(list) != 1 {
			st.t.Errorf("an officer sees %v, %v, %v", list, sees, err)
		}
		if _, sees, err := st.mail.Accounts(ctx, st.as(3, "signer")); sees || err != nil {
			st.t.Errorf("a signer sees them: %v", err)
		}
		in := st.settings(box)
		if _, err := st.mail.Save(ctx, st.as(9, "administrator"), st.account.ID, in, 99); !fault.Is(err, fault.Conflict) {
			st.t.Errorf("against an older version: %v", err)
		}
	})
}

func TestATestOfTheSettingsSaysWhatIsWrong(t *testing.T) {
	each(t, func(st *stage) {
		ctx, admin := context.Background(), st.as(9, "administrator")
		st.put(st.letter("one", "一"))
		found, err := st.mail.Test(ctx, admin, 0, st.settings(box))
		if err != nil || found.Mails != 1 || !found.Idle {
			st.t.Errorf("%+v, %v", found, err)
		}
		in := st.settings(box)
		in.Folder = "Nowhere"
		_, err = st.mail.Test(ctx, admin, 0, in)
		var trouble *imapbox.Trouble
		if !errors.As(err, &trouble) || trouble.Code != imapbox.Folder {
			st.t.Errorf("a folder that is not there: %v", err)
		}
		in = st.settings(box)
		in.Password = "wrong"
		_, err = st.mail.Save(ctx, admin, st.account.ID, in, 0)
		must(st.t, err)
		if _, err = st.mail.Check(ctx, admin, st.account.ID); !errors.As(err, &trouble) || trouble.Code != imapbox.Login {
			st.t.Errorf("a wrong password: %v", err)
		}
		a, err := st.mail.Account(ctx, admin, st.account.ID)
		if err != nil || a.Failure != "login" || a.FailingSince == nil {
			st.t.Errorf("the mailbox does not say so: %+v, %v", a, err)
		}
		in.Password = imaptest.Password
		_, err = st.mail.Save(ctx, admin, st.account.ID, in, 0)
		must(st.t, err)
		if _, err = st.mail.Check(ctx, admin, st.account.ID); err != nil {
			st.t.Error(err)
		}
	})
}
