// SPDX-License-Identifier: Apache-2.0

package rpcmetrics

// NameNormalizer makes the name of an endpoint, as it goes into a metric's tag, of
// a span's name. It is called from any goroutine.
type NameNormalizer interface {
	Normalize(name string) string
}

// DefaultNameNormalizer keeps letters and digits of ASCII and -_/. and puts a
// hyphen in the place of every other byte.
var DefaultNameNormalizer = &SimpleNameNormalizer{
	SafeSets: []SafeCharacterSet{
		&Range{From: 'a', To: 'z'}, &Range{From: 'A', To: 'Z'}, &Range{From: '0', To: '9'},
		&Char{Val: '-'}, &Char{Val: '_'}, &Char{Val: '/'}, &Char{Val: '.'},
	},
	Replacement: '-',
}

// SimpleNameNormalizer replaces each byte that is in none of its sets.
type SimpleNameNormalizer struct {
	SafeSets    []SafeCharacterSet
	Replacement byte
}

// SafeCharacterSet says which bytes a name may have.
type SafeCharacterSet interface {
	IsSafe(c byte) bool
}

// Range is the bytes from From to To, both included.
type Range struct{ From, To byte }

// IsSafe implements SafeCharacterSet.
func (r *Range) IsSafe(c byte) bool { return r.From <= c && c <= r.To }

// Char is one byte.
type Char struct{ Val byte }

// IsSafe implements SafeCharacterSet.
func (ch *Char) IsSafe(c byte) bool { return ch.Val == c }

// Normalize implements NameNormalizer. A name that is safe costs no allocation.
func (n *SimpleNameNormalizer) Normalize(name string) string {
	for i := range len(name) {
		if !n.safe(name[i]) {
			return n.replace(name, i)
		}
	}
	return name
}

// replace rewrites name from its byte i on.
func (n *SimpleNameNormalizer) replace(name string, i int) string {
	b := []byte(name)
	for ; i < len(b); i++ {
		if !n.safe(b[i]) {
			b[i] = n.Replacement
		}
	}
	return string(b)
}

func (n *SimpleNameNormalizer) safe(c byte) bool {
	for _, set := range n.SafeSets {
		if set != nil && set.IsSafe(c) {
			return true
		}
	}
	return false
}
