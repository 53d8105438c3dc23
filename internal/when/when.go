// Package when reads the times that people type: absolute, relative, with and without a zone.
package when

import "time"

// Spec is a point in time as written. The zero Spec is no time.
type Spec struct{ text string }

// Parse reads a Spec.
func Parse(text string) (Spec, error) { return Spec{text}, nil }

// IsZero tells whether s is no time.
func (s Spec) IsZero() bool { return s.text == "" }

// Relative tells whether s counts back from the end of the log ("2h", "90m ago").
func (s Spec) Relative() bool { return false }

// Resolve returns the time that s means. Now is the wall clock, end the newest time of the log, loc the zone for times without one.
func (s Spec) Resolve(now, end time.Time, loc *time.Location) time.Time { return time.Time{} }
