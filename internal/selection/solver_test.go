package selection

// SolveWith puts another solver in place of sortition's, for tests.
func (s *Service) SolveWith(f Solver) { s.solve = f }
