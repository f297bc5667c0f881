package sortition

// Progress is how far Leximin has come.
type Progress struct {
	Stage  string // "relaxation", "panels" or "check"
	Level  int    // levels of the distribution that are settled
	Fixed  int    // people whose chance is settled
	People int    // people in the pool
	Panels int    // panels found so far
}

// Share is a panel and its weight in a distribution.
type Share struct {
	Panel  Panel   // a count per seat kind
	Weight float64 // in (0, 1]; the weights of a distribution sum to 1
}

// Distribution is the leximin distribution over the panels of a pool.
type Distribution struct {
	Kinds Kinds
	// Probability is, per seat kind, the chance of each of its people to sit on
	// the panel, in [0, 1]; within 1e-6 of the optimum.
	Probability []float64
	// Minimum is the smallest of the chances, Bound what no distribution can
	// exceed for it (by a dual solution), Gap the difference.
	Minimum, Bound, Gap float64
	// Support is a way to reach the chances: panels that exist, in descending
	// order of their counts, and how often each is drawn.
	Support []Share
}
