package availabilityview

import (
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Room is a consultation's lost time as its staff see it.
type Room struct {
	C          consultation.Consultation
	Loss       Loss
	MayExtend  bool
	MayDecline bool
	Note       string // of the extension, as proposed or as typed
	Reason     string
	Declining  bool
	Faults     map[string]string
	Errors     []components.FieldError
}

func (v Room) address() string { return "/staff/consultations/" + v.C.Slug + "/availability" }

func (v Room) lead(l *i18n.Locale) string {
	if len(v.Loss.Outages) == 0 {
		return l.T("availability.room.none")
	}
	return l.T("availability.public.lost", "lost", length(l, v.Loss.Total), "times", l.T("availability.times", "count", len(v.Loss.Outages)))
}
