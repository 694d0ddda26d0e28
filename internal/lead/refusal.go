package lead

import "sapa/internal/fault"

func errTalking() error { return fault.New(fault.Conflict, "lead.talking").At("", "5.2.5.call") }
