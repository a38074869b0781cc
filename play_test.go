// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
)

// play does to s what data says, and returns the snapshots it took.
func play(s *Span, data []byte) (snapshots []*model.Span) {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	texts := []string{
		"", "a", "http.method", "GET", strings.Repeat("u", 127), strings.Repeat("v", 128), strings.Repeat("w", 300), strings.Repeat("x", 3000),
		"Köln", "bad \xff", strings.Repeat("ß", 100), "a\x00b",
	}
	text := func() string { return texts[next()%len(texts)] }
	value := func() any {
		switch n := next(); n % 16 {
		case 0, 1, 2:
			return text()
		case 3:
			return n
		case 4:
			return -n << 20
		case 5:
			return n > 100
		case 6:
			return float64(n) / 3
		case 7:
			return int64(n) << 40
		case 8:
			return int8(n)
		case 9:
			return uint64(math.MaxUint64)
		case 10:
			return float32(n)
		case 11:
			return []byte(text())
		case 12:
			return errors.New(text())
		case 13:
			return struct{ A int }{n}
		case 14:
			return uint8(n)
		}
		return nil
	}
	field := func() log.Field {
		switch n := next(); n % 10 {
		case 0, 1:
			return log.String(text(), text())
		case 2:
			return log.Int(text(), n)
		case 3:
			return log.Bool(text(), n > 100)
		case 4:
			return log.Float64(text(), float64(n)/7)
		case 5:
			return log.Float32(text(), float32(n))
		case 6:
			return log.Error(errors.New(text()))
		case 7:
			return log.Object(text(), value())
		case 8:
			return log.Uint32(text(), uint32(n))
		}
		return log.Noop()
	}
	for len(data) > 0 {
		switch n := next(); n % 12 {
		case 0, 1, 2, 3:
			s.SetTag(text(), value())
		case 4, 5:
			var fields []log.Field
			for range n / 12 % 5 {
				fields = append(fields, field())
			}
			s.LogFields(fields...)
		case 6:
			s.LogKV(text(), value(), text(), value())
		case 7:
			s.Log(opentracing.LogData{Timestamp: time.Unix(int64(n)-50, int64(n)*999_999), Event: text()})
		case 8:
			s.SetOperationName(text()).SetBaggageItem("k", text())
		case 9:
			if n > 240 {
				for i := range 1030 {
					s.SetTag(fmt.Sprint("n", i), i)
				}
			}
		case 10:
			for i := range n % 30 {
				s.LogFields(log.Int("i", i))
			}
		case 11:
			if n > 128 {
				snapshot := s.Snapshot()
				if snapshot == nil { // sampling.priority said so
					snapshot = &model.Span{}
				}
				snapshots = append(snapshots, snapshot)
			} else {
				s.SetTag("sampling.priority", n%5)
			}
		}
	}
	return snapshots
}
