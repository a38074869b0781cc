// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"strings"

	"github.com/jaegerkit/jaeger/model"
)

// Limits of the baggage that crosses a process boundary, in either direction.
// What is beyond them is left out; the rest of the context goes on. The first
// two are those of Jaeger's binary format, whose readers refuse more.
const (
	maxItems      = 180
	maxItemBytes  = 4096 // key and value together
	maxTotalBytes = 64 << 10
)

// items collects baggage within the limits.
type items struct {
	list  []model.BaggageItem
	bytes int
	buf   []byte // scratch
}

func (b *items) full() bool { return len(b.list) == maxItems }

// add takes a copy of key and value, which stand side by side: one allocation
// per item, and nothing kept of a carrier that reuses its memory. Of two items
// with one key the later counts. An item without value is none.
func (b *items) add(pair []byte, keyLen int) {
	if b.full() || len(pair) == keyLen || len(pair) > maxItemBytes {
		return
	}
	for i := range b.list {
		old := &b.list[i]
		if old.Key != string(pair[:keyLen]) {
			continue
		}
		if bytes := b.bytes - len(old.Value) + len(pair) - keyLen; bytes <= maxTotalBytes {
			old.Value, b.bytes = string(pair[keyLen:]), bytes
		}
		return
	}
	if b.bytes+len(pair) > maxTotalBytes {
		return
	}
	both := string(pair)
	b.list = append(b.list, model.BaggageItem{Key: both[:keyLen], Value: both[keyLen:]})
	b.bytes += len(pair)
}

// addHeader adds what a header of one item says. Keys are lower-cased, as
// headers lose their case on the way.
func (b *items) addHeader(key, value string, escaped bool) {
	limit := maxItemBytes
	if escaped {
		limit *= 3
	}
	if b.full() || len(key)+len(value) > limit {
		return
	}
	b.buf = b.buf[:0]
	if escaped {
		b.buf = appendUnescaped(b.buf, key, false)
	} else {
		b.buf = append(b.buf, key...)
	}
	for i, c := range b.buf {
		b.buf[i] = toLower(c)
	}
	keyLen := len(b.buf)
	if escaped {
		b.buf = appendUnescaped(b.buf, value, true)
	} else {
		b.buf = append(b.buf, value...)
	}
	b.add(b.buf, keyLen)
}

// addList adds the pairs of a jaeger-baggage header, k1=v1, k2=v2. As with
// jaeger-client-go the list is unescaped as a whole, in both formats, the case of
// keys is kept, and so are spaces between '=' and a value. What is not a pair is
// passed over.
func (b *items) addList(list string) {
	if len(list) > 3*maxTotalBytes {
		return
	}
	rest := string(appendUnescaped(make([]byte, 0, len(list)), list, true))
	for more := true; more && !b.full(); {
		var pair string
		pair, rest, more = strings.Cut(rest, ",")
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		key = strings.TrimSpace(key)
		if !ok || key == "" || len(key)+len(value) > maxItemBytes || strings.Contains(value, "=") {
			continue
		}
		b.buf = append(append(b.buf[:0], key...), value...)
		b.add(b.buf, len(key))
	}
}

// eachCarried calls write for the baggage of sc that is within the limits.
func eachCarried(sc model.SpanContext, write func(key, value string)) {
	n, bytes := 0, 0
	sc.ForeachBaggageItem(func(key, value string) bool {
		size := len(key) + len(value)
		if value == "" || size > maxItemBytes || bytes+size > maxTotalBytes {
			return true
		}
		n, bytes = n+1, bytes+size
		write(key, value)
		return n < maxItems
	})
}
