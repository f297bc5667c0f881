package submission

import "time"

// arrays turns a batch into the arrays of the intake statement, in its order.
func arrays(rows []*row, now time.Time) []any {
	n := len(rows)
	consultation, id, version, person := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	organisation, actorID, tokenID := make([]int64, n), make([]int64, n), make([]int64, n)
	receipt, channel, lang, kind := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	region, publicName, key, enteredBy := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	actorKind, after := make([]string, n), make([]string, n)
	bodyHash, salt, leafHash := make([][]byte, n), make([][]byte, n), make([][]byte, n)
	received, public := make([]time.Time, n), make([]bool, n)
	state, entry, held := make([]string, n), make([]string, n), make([]string, n)
	lateOnes, leaves, imports := make([]bool, n), make([][]byte, n), make([]int64, n)
	for i, r := range rows {
		consultation[i], id[i], version[i], person[i] = r.consultation, r.id, r.version, r.person
		organisation[i], actorID[i], tokenID[i] = r.organisation, r.by.ID, r.by.TokenID
		receipt[i], channel[i], lang[i], kind[i] = r.receipt, r.channel, r.lang, r.kind
		region[i], publicName[i], key[i], enteredBy[i] = r.region, r.publicName, r.key, r.enteredBy
		actorKind[i], after[i] = string(r.by.Kind), r.auditText()
		bodyHash[i], salt[i], leafHash[i] = r.bodyHash, r.salt, r.leafHash
		received[i], public[i] = r.receivedAt, r.public
		state[i], entry[i], held[i], lateOnes[i], leaves[i] = string(r.state()), string(r.entry), r.held, r.late, r.leaf
		imports[i] = r.origin.Import
	}
	args := []any{
		consultation, id, receipt, channel, lang, version, kind, region, publicName, person, key,
		bodyHash, salt, leafHash, enteredBy, received, organisation, actorKind, actorID, tokenID, public, after,
		state, entry, held, lateOnes, leaves, imports,
	}
	args = append(args, commentArrays(rows)...)
	args = append(args, senderArrays(rows)...)
	args = append(args, now)
	return append(args, shownArrays(rows)...)
}

// shownArrays say of each comment how it is shown.
func shownArrays(rows []*row) []any {
	waiting, masks, redacted, proposed := []bool{}, []string{}, []string{}, []string{}
	for _, r := range rows {
		for _, c := range r.comments {
			waiting, masks = append(waiting, r.waiting), append(masks, c.masks)
			redacted, proposed = append(redacted, c.redacted), append(proposed, c.redactedProposed)
		}
	}
	return []any{waiting, masks, redacted, proposed}
}

func commentArrays(rows []*row) []any {
	n := 0
	for _, r := range rows {
		n += len(r.comments)
	}
	of, id, position := make([]int64, 0, n), make([]int64, 0, n), make([]int64, 0, n)
	provision, text, proposed := make([]string, 0, n), make([]string, 0, n), make([]string, 0, n)
	for _, r := range rows {
		for _, c := range r.comments {
			of, id, position = append(of, r.id), append(id, c.id), append(position, c.position)
			provision, text, proposed = append(provision, c.Provision), append(text, c.Text), append(proposed, c.ProposedText)
		}
	}
	return []any{of, id, position, provision, text, proposed}
}

func senderArrays(rows []*row) []any {
	of, mail := []int64{}, []bool{}
	sealed, email, phone := [][]byte{}, [][]byte{}, [][]byte{}
	for _, r := range rows {
		if r.sealed == nil {
			continue
		}
		of, mail = append(of, r.id), append(mail, r.mail)
		sealed, email, phone = append(sealed, r.sealed), append(email, r.emailIndex), append(phone, r.phoneIndex)
	}
	return []any{of, sealed, email, phone, mail}
}
