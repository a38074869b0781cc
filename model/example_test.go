// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

func ExampleAny() {
	for _, value := range []any{200, "GET", 1.5, 3 * time.Second, errors.New("no route"), []string{"a", "b"}, nil} {
		tag := model.Any("key", value, 256)
		fmt.Println(tag.Kind(), tag.Text())
	}
	// Output:
	// int64 200
	// string GET
	// float64 1.5
	// string 3s
	// string no route
	// string [a b]
	// string <nil>
}

func ExampleSpanContext() {
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 0x1122},
		SpanID:  0x1122,
		Flags:   model.FlagSampled,
	})
	fmt.Println(sc, sc.IsSampled())
	fmt.Println(sc.WithBaggageItem("tenant", "blue").BaggageItem("tenant"))
	// Output:
	// 0000000000001122:0000000000001122:0000000000000000:1 true
	// blue
}
