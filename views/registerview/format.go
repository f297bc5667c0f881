package registerview

import (
	"strings"

	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// kinds are the kinds of leaves with their members, as their JSON has them.
var kinds = [][2]string{
	{"submission", `v kind consultation channel received_at entered [file] [late] parts commitment`},
	{"withholding", `v kind consultation submission reason at`},
	{"release", `v kind consultation submission reason at`},
	{"withdrawal", `v kind consultation submission reason at`},
	{"disposition", `v kind consultation number disposition comments content`},
	{"summary", `v kind consultation counts split account`},
}

func (v Log) kinds(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("register.format.kinds"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("register.format.kind"), Lead: true}, {Text: l.T("register.format.when")}, {Text: l.T("register.format.members")},
	}}
	for _, k := range kinds {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: k[0], Lang: "en"}, {Text: l.T("register.format.when." + k[0])}, {Text: k[1], Lang: "en"},
		}})
	}
	return t
}

// addresses are where programs read, with the message that says what is there.
var addresses = [][2]string{
	{"checkpoint", "checkpoint"}, {"checkpoints?cursor=0&limit=1000", "checkpoints"}, {"key", "key"}, {"keys", "keys"},
	{"entries?start=0&end=1000", "entries"}, {"consistency?from=3&to=8", "consistency"},
}

func (v Log) addresses(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("register.format.addresses"), Stacked: true, Columns: []components.Column{
		{Text: l.T("register.format.address"), Bare: true}, {Text: l.T("register.format.answer")},
	}}
	for _, a := range addresses {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: API + a[0], Lang: "en", Href: v.link(a[0])}, {Text: l.T("register.format.answer." + a[1])},
		}})
	}
	t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
		{Text: "/api/v1/receipts/{number}/proof", Lang: "en"}, {Text: l.T("register.format.answer.proof")},
	}})
	return t
}

// link is an address that answers: sizes of the examples may be beyond the log.
func (v Log) link(path string) string {
	if strings.HasPrefix(path, "consistency") {
		return API + "consistency"
	}
	return API + path
}

// Formulas, as they are in every language.
const (
	leafFormula = "leaf_hash  = SHA-256(0x00 || leaf)\ncommitment = SHA-256(salt || content)"
	treeFormula = "node       = SHA-256(0x01 || left || right)\nempty root = SHA-256(\"\")"
	keyFormula  = "name + \"+\" + hash + \"+\" + base64(0x01 || public key)\nhash = first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key)"
	sm2Formula  = "name + \"+\" + hash + \"+\" + base64(0xFF || \"guangyi-sm2-v1\" || 0x04 || X || Y)\n" +
		"hash = first 4 bytes of SHA-256(name || 0x0A || 0xFF || \"guangyi-sm2-v1\" || 0x04 || X || Y)"
	signatureFormula = "\u2014 name base64(hash || signature)"
	openssl          = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature          # Ed25519\n" +
		"openssl dgst -sm3 -verify key.pem -sigopt distid:1234567812345678 -signature signature text   # SM2"
)
