// SPDX-License-Identifier: Apache-2.0

package throttle

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// grant is what a server gives an operation.
type grant struct {
	Operation string
	Balance   float64 // credits, of which a debug span takes one
}

// parseAnswer reads what a throttling service answers on /credits:
//
//	{"balances":[{"operation":"GET /","balance":2.5}]}
//
// Null is an empty list, as it is of servers in Go. A negative balance is an
// error of the whole answer. An object without balances is what a server answers
// that has no such endpoint but one for all paths, as Jaeger 2: ErrAbsent.
func parseAnswer(body []byte) ([]grant, error) {
	grants, err := parse(body)
	if err != nil {
		return nil, fmt.Errorf("credits %q: %w", fetch.Shorten(string(body)), err)
	}
	return grants, nil
}

func parse(body []byte) ([]grant, error) {
	var answer *struct{ Balances json.RawMessage }
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, errors.New("want an object")
	}
	if answer.Balances == nil {
		return nil, fmt.Errorf("%w: want balances", fetch.ErrAbsent)
	}
	var grants []grant
	if err := json.Unmarshal(answer.Balances, &grants); err != nil {
		return nil, err
	}
	for _, g := range grants {
		if g.Balance < 0 {
			return nil, fmt.Errorf("balance %v of %q: want 0 or more", g.Balance, fetch.Shorten(g.Operation))
		}
	}
	return grants, nil
}
