package components

// State is what a status shows: always a shape and a word.
type State string

// The states of consultations, receipts and tasks.
const (
	Scheduled State = "scheduled"
	Open      State = "open"
	Closing   State = "closing"
	Closed    State = "closed"
	Answered  State = "answered"
	Received  State = "received"
	Withdrawn State = "withdrawn"
	Overdue   State = "overdue"
	Withheld  State = "withheld"
	Offline   State = "offline"
	Waiting   State = "waiting"
)

// Status is the parameter of StatusLine: Word may be empty (then the state's
// own word is used), Note stands bold behind it (还剩14天), Aside plain
// (12月23日 24:00 截止).
type Status struct {
	State State
	Word  string
	Note  string
	Aside string
}

func (s State) icon() icon {
	switch s {
	case Open:
		return iconDot
	case Closing:
		return iconClock
	case Closed:
		return iconSquare
	case Answered, Received:
		return iconChecked
	case Withdrawn:
		return iconCross
	case Overdue:
		return iconAlarm
	case Withheld:
		return iconMinus
	case Offline:
		return iconNone
	default:
		return iconRing
	}
}

// Dispositions lists the eight codes in the order in which plots and tables show them.
var Dispositions = []string{
	"adopted", "partly_adopted", "not_adopted", "already_covered",
	"supported", "answered", "deferred", "out_of_scope",
}

func dispositionIcon(code string) icon {
	switch code {
	case "adopted":
		return iconChecked
	case "partly_adopted":
		return iconHalf
	case "not_adopted":
		return iconMinus
	case "already_covered":
		return iconBook
	case "supported":
		return iconUp
	case "answered":
		return iconBubble
	case "deferred":
		return iconLater
	case "out_of_scope":
		return iconLeave
	default:
		return iconRing
	}
}

// dispositionKey is the key of the workbench that chooses a disposition.
func dispositionKey(code string) string {
	switch code {
	case "adopted":
		return "A"
	case "partly_adopted":
		return "P"
	case "not_adopted":
		return "N"
	case "already_covered":
		return "C"
	case "supported":
		return "F"
	case "answered":
		return "Q"
	case "deferred":
		return "L"
	default:
		return "O"
	}
}
