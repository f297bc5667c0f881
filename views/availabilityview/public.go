package availabilityview

import (
	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
)

// Loss and Maintenance are the domain's.
type (
	Loss        = availability.Loss
	Maintenance = availability.Maintenance
)

// Public is what everybody may know of one consultation.
type Public struct {
	C       consultation.Consultation
	Loss    Loss
	Planned []Maintenance
}

func (v Public) lead(l *i18n.Locale) string {
	if len(v.Loss.Outages) == 0 {
		return l.T("availability.public.none")
	}
	return l.T("availability.public.lost", "lost", length(l, v.Loss.Total), "times", l.T("availability.times", "count", len(v.Loss.Outages)))
}
