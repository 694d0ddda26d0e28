package main

import (
	"context"
	"fmt"
	"time"

	"sapa/internal/connector"
	"sapa/internal/connector/snmp"
	"sapa/internal/egress"
)

// oltSources are the sources behind the SNMP connectors of a file, by connector.
type oltSources map[string]*snmp.Source

// sourcesOf makes the sources of a checked file.
func sourcesOf(configs []connector.Config) (oltSources, error) {
	all := oltSources{}
	for _, c := range configs {
		if c.Kind != connector.SNMP {
			continue
		}
		is := snmp.Config{OLTs: map[string]snmp.OLT{}, Models: map[string]snmp.Model{}}
		for name, o := range c.SNMP.OLTs {
			is.OLTs[name] = snmp.OLT{Address: o.Address, Model: o.Model, Community: o.Community, User: o.User, Auth: o.Auth, Privacy: o.Privacy}
		}
		for name, m := range c.SNMP.Models {
			is.Models[name] = snmp.Model(m)
		}
		s := c.Settings
		source, err := snmp.New(is, snmp.Way{Allow: s.Allow, Answer: s.Answer, Whole: s.Whole, Failures: s.Failures, Open: s.Open})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		all[c.ID] = source
	}
	return all, nil
}

// probe hears the OLTs of a connector.
func (all oltSources) probe(clock func() time.Time) func(context.Context, *connector.Connector) connector.Found {
	return func(ctx context.Context, c *connector.Connector) connector.Found {
		h := all[c.ID].Hear(ctx, clock)
		return connector.Found{Exchange: egress.Exchange{At: clock(), Took: h.Took, Kind: h.Kind}, Behind: h.OLTs, Out: h.Out}
	}
}
