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

	maxLooks = 2 * maxItems // items looked at, also those left out; bounds the work
)

// items collects baggage within the limits.
type items struct {
	list  []model.BaggageItem
	names []string // of the headers that the first of list came from
	bytes int
	looks int
	buf   []byte // scratch
}

func (b *items) full() bool { return len(b.list) == maxItems || b.looks == maxLooks }

// add takes a copy of key and value, which stand side by side: one allocation
// per item, and nothing kept of a carrier that reuses its memory. Of two items
// with one key the later counts, unless the header of the earlier outranks name.
// An item without value is none.
func (b *items) add(pair []byte, keyLen int, name string, canonical bool) {
	if b.full() || len(pair) == keyLen || len(pair) > maxItemBytes {
		return
	}
	b.looks++
	for i := range b.list {
		old := &b.list[i]
		if old.Key != string(pair[:keyLen]) {
			continue
		}
		named := name != "" && i < len(b.names)
		bytes := b.bytes - len(old.Value) + len(pair) - keyLen
		if bytes > maxTotalBytes || named && !outranks(name, b.names[i], canonical) {
			return
		}
		if old.Value, b.bytes = string(pair[keyLen:]), bytes; named {
			b.names[i] = name
		}
		return
	}
	if b.bytes+len(pair) > maxTotalBytes {
		return
	}
	both := string(pair)
	b.list = append(b.list, model.BaggageItem{Key: both[:keyLen], Value: both[keyLen:]})
	b.bytes += len(pair)
	if name != "" {
		b.names = append(b.names, name)
	}
}

// addHeader adds what the header of one item says; its key stands behind the
// prefix. Keys are lower-cased, as headers lose their case on the way.
func (b *items) addHeader(name string, prefix int, value string, escaped, canonical bool) {
	limit := maxItemBytes
	if escaped {
		limit *= 3
	}
	key := name[prefix:]
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
	b.add(b.buf, keyLen, name, canonical)
}

// addList adds the pairs of a jaeger-baggage header, k1=v1, k2=v2. As with
// jaeger-client-go the list is unescaped as a whole, in both formats, the case of
// keys is kept, and so are spaces between '=' and a value. What is not a pair is
// passed over, and so is what stands behind the first maxLooks commas.
func (b *items) addList(list string) {
	if len(list) > 3*maxTotalBytes {
		return
	}
	rest := list
	if strings.ContainsAny(list, "%+") {
		rest = string(appendUnescaped(make([]byte, 0, len(list)), list, true))
	}
	b.looks = 0
	for n, more := 0, true; more && n < maxLooks; n++ {
		var pair string
		pair, rest, more = strings.Cut(rest, ",")
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		key = strings.TrimSpace(key)
		if !ok || key == "" || len(key)+len(value) > maxItemBytes || strings.Contains(value, "=") {
			continue
		}
		b.buf = append(append(b.buf[:0], key...), value...)
		b.add(b.buf, len(key), "", false)
	}
}

// addMissing adds what another format brought along and b has not under any
// spelling of the key, as header names lose their case and lists keep it.
func (b *items) addMissing(list []model.BaggageItem) {
	own := b.list
next:
	for _, item := range list {
		for _, old := range own {
			if strings.EqualFold(old.Key, item.Key) {
				continue next
			}
		}
		if size := len(item.Key) + len(item.Value); len(b.list) < maxItems && b.bytes+size <= maxTotalBytes {
			b.list = append(b.list, item)
			b.bytes += size
		}
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
