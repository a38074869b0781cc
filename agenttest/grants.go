// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"net/http"
	"slices"
)

// BaggageRestriction allows a baggage key, with values of so many bytes at most. Keys that are not listed are refused.
type BaggageRestriction struct {
	Key            string `json:"baggageKey"`
	MaxValueLength int    `json:"maxValueLength"`
}

// SetBaggageRestrictions makes /baggageRestrictions answer with this list for a service; of no restrictions, with an empty
// list.
func (c *ConfigServer) SetBaggageRestrictions(service string, list ...BaggageRestriction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.restrictions[service] = append([]BaggageRestriction{}, list...)
}

// SetCredits gives a service credits for debug spans of an operation, in place of those it still had. The next query that
// asks for the operation gets them all; then they are gone, and the balance is 0.
func (c *ConfigServer) SetCredits(service, operation string, balance float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.credits[service] == nil {
		c.credits[service] = make(map[string]float64)
	}
	c.credits[service][operation] = balance
}

func (c *ConfigServer) baggage(service string) answer {
	c.mu.Lock()
	list, ok := c.restrictions[service]
	if !ok {
		list, ok = c.restrictions[""]
	}
	c.mu.Unlock()
	if !ok {
		return absent(http.StatusInternalServerError, "baggage not implemented")
	}
	return asJSON(list)
}

type balanceJSON struct {
	Operation string  `json:"operation"`
	Balance   float64 `json:"balance"`
}

// handOut answers with the balances of the operations asked for and sets them to 0.
func (c *ConfigServer) handOut(service string, operations []string) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	account, ok := c.credits[service]
	if !ok {
		account, ok = c.credits[""]
	}
	if !ok {
		return absent(http.StatusNotFound, "404 page not found")
	}
	balances := make([]balanceJSON, 0, len(operations))
	for _, operation := range slices.Compact(slices.Sorted(slices.Values(operations))) {
		balances = append(balances, balanceJSON{operation, account[operation]})
		delete(account, operation)
	}
	return asJSON(struct {
		Balances []balanceJSON `json:"balances"`
	}{balances})
}

// absent answers as a server that does not have the endpoint. It is nothing for Errors.
func absent(status int, text string) answer {
	a := refusal(status, "%s", text)
	a.refusal = false
	return a
}
