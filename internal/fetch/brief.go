// SPDX-License-Identifier: Apache-2.0

package fetch

import "unicode/utf8"

// Shorten cuts text that goes into an error or a log line to 200 bytes.
func Shorten(s string) string { return shortenTo(s, 200) }

func shortenTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// Brief keeps what others made of an error from filling the log: its text is cut
// to 1000 bytes, and what it wraps stays.
func Brief(err error) error {
	const most = 1000
	if text := err.Error(); len(text) > most {
		return &briefError{shortenTo(text, most), err}
	}
	return err
}

type briefError struct {
	text string
	err  error
}

func (b *briefError) Error() string { return b.text }
func (b *briefError) Unwrap() error { return b.err }
