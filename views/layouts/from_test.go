package layouts

import "testing"

func TestTheTelephoneOfAUnitIsFoundInItsContact(t *testing.T) {
	for contact, want := range map[string]string{
		"云州市人民路100号，邮编310000，电话0571-1234 5678": "0571-1234 5678",
		"法规处 林女士 13800000000":                  "13800000000",
		"邮编310000":                             "",
		"":                                     "",
	} {
		if got := (Page{}).WithUnit("", "", "", "", contact).Unit.Help; got != want {
			t.Errorf("%q gives %q, want %q", contact, got, want)
		}
	}
}
