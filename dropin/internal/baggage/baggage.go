// SPDX-License-Identifier: Apache-2.0

// Package baggage says which baggage a service may set.
//
//	m := baggage.NewDefaultRestrictionManager(0)
//	r := m.GetRestriction("checkout", "user")
//	fmt.Println(r.KeyAllowed(), r.MaxValueLength()) // true 2048
//
// What it promises: a Restriction never changes, and a nil one forbids.
package baggage

const defaultMaxValueLength = 2048

// Restriction is what holds for one key. It is immutable.
type Restriction struct {
	allowed   bool
	maxLength int
}

// NewRestriction returns one; maxValueLength is in bytes.
func NewRestriction(keyAllowed bool, maxValueLength int) *Restriction {
	return &Restriction{keyAllowed, maxValueLength}
}

// KeyAllowed reports whether the key may be set.
func (r *Restriction) KeyAllowed() bool { return r != nil && r.allowed }

// MaxValueLength returns how many bytes of the value are kept.
func (r *Restriction) MaxValueLength() int {
	if r == nil {
		return 0
	}
	return r.maxLength
}

// RestrictionManager knows the restriction of each key of a service. It is
// called on the goroutine that sets baggage and must not block.
type RestrictionManager interface {
	GetRestriction(service, key string) *Restriction
}

// DefaultRestrictionManager allows every key.
type DefaultRestrictionManager struct{ all *Restriction }

// NewDefaultRestrictionManager returns one that keeps maxValueLength bytes of
// each value, 2048 where that is 0.
func NewDefaultRestrictionManager(maxValueLength int) *DefaultRestrictionManager {
	if maxValueLength == 0 {
		maxValueLength = defaultMaxValueLength
	}
	return &DefaultRestrictionManager{NewRestriction(true, maxValueLength)}
}

// GetRestriction implements RestrictionManager.
func (m *DefaultRestrictionManager) GetRestriction(service, key string) *Restriction { return m.all }
