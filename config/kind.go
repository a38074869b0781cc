// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// kind says how a setting is read, checked and printed. Text from a file, a variable, a
// default or a field set in code takes the same way through set.
type kind struct {
	want string // what is accepted, for errors
	// set parses, checks and stores; a field is left alone on error. The error is a
	// hint, or errPlain when want says enough.
	set func(field any, text string) error
	// text is the inverse of set; "" is the zero value.
	text func(field any) string

	// The rest is for the kinds that one line of text cannot hold, and nil in others.
	node    func(field any, n *yaml.Node) error                                    // from a file, instead of set
	env     func(field any, text string, lookup func(string) (string, bool)) error // from a variable, instead of set
	check   func(field any) error                                                  // of a value set in code, instead of text and set
	entries func(field any) []string                                               // for String, instead of text
}

// errPlain is the error of a kind that has no hint to give.
var errPlain = errors.New("not accepted")

const maxToken = 16 << 10 // bytes; tokens that carry claims are long

const maxText = 4096 // bytes of one text value; bounds what a file full of aliases can ask for

// scalar makes a kind of a value that one line of text can hold.
func scalar[T comparable](want string, parse func(string) (T, error), format func(T) string) kind {
	return kind{
		want: want,
		set: func(field any, text string) error {
			v, err := parse(strings.TrimSpace(text))
			if err == nil && field != nil {
				*field.(*T) = v
			}
			return err
		},
		text: func(field any) string {
			var zero T
			if v := *field.(*T); v != zero {
				return format(v)
			}
			return ""
		},
	}
}

func same(s string) string { return s }

// plain refuses text that is too long, not UTF-8, or has control characters.
func plain(s string) (string, error) {
	switch {
	case len(s) > maxText:
		return "", fmt.Errorf("%d bytes, at most %d", len(s), maxText)
	case !utf8.ValidString(s):
		return "", errors.New("not UTF-8")
	case strings.ContainsFunc(s, unicode.IsControl):
		return "", errors.New("has a control character")
	}
	return s, nil
}

var (
	text     = scalar("a text of one line", plain, same)
	userName = scalar("a text of one line without a colon", parseUser, same)
	boolean  = scalar("true or false", parseBool, strconv.FormatBool)
	token    = scalar("a token of printable ASCII without spaces", parseToken, same)
	amount   = scalar("a number, 0 or more", parseAmount, formatAmount)
	duration = scalar("a duration from 1ms to 24h, as in 500ms or 1m (a number alone is seconds), or 0 for the default",
		parseDuration, time.Duration.String)
	samplerType = scalar("const, probabilistic, ratelimiting or remote", parseSamplerType, same)
)

// password is a text whose spaces count.
var password = kind{
	want: text.want,
	set: func(field any, s string) error {
		s, err := plain(s)
		if err == nil {
			*field.(*string) = s
		}
		return err
	},
	text: text.text,
}

// inverse stores the opposite of a boolean.
var inverse = kind{
	want: boolean.want,
	set: func(field any, s string) error {
		v, err := parseBool(strings.TrimSpace(s))
		if err == nil {
			*field.(*bool) = !v
		}
		return err
	},
}

// formats is a list of propagation formats, separated by commas in text.
var formats = kind{
	want: "jaeger, w3c, b3 or b3single, or several of them, each once",
	set:  setFormats,
	text: func(field any) string { return strings.Join(*field.(*[]string), ",") },
	node: func(field any, n *yaml.Node) error {
		list, err := textsOf(n)
		if err != nil || len(list) == 0 {
			return err
		}
		joined := strings.Join(list, ",")
		if setFormats(field, joined) != nil {
			return fmt.Errorf("%s is not accepted", quote(joined))
		}
		return nil
	},
	entries: func(field any) []string {
		var lines []string
		for _, f := range *field.(*[]string) {
			lines = append(lines, "- "+yamlText(f))
		}
		return lines
	},
}

// otherNames are those of OpenTelemetry's OTEL_PROPAGATORS; its baggage is a part of w3c.
var otherNames = map[string]string{"tracecontext": "w3c", "b3multi": "b3"}

func setFormats(field any, s string) error {
	var list []string
	for _, f := range strings.Split(s, ",") {
		f = normalize(strings.TrimSpace(f))
		if other, ok := otherNames[f]; ok {
			f = other
		}
		if _, ok := formatNames[f]; !ok || slices.Contains(list, f) {
			return errPlain
		}
		list = append(list, f)
	}
	*field.(*[]string) = list
	return nil
}

func parseUser(s string) (string, error) {
	if strings.Contains(s, ":") {
		return "", errPlain
	}
	return plain(s)
}

// parseToken takes what an Authorization header can hold behind Bearer.
func parseToken(s string) (string, error) {
	if len(s) > maxToken || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errPlain
	}
	return s, nil
}

// parseBool takes what strconv.ParseBool, YAML 1.1 and people call a boolean.
func parseBool(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "true", "t", "yes", "y", "on", "1":
		return true, nil
	case "false", "f", "no", "n", "off", "0":
		return false, nil
	}
	return false, errPlain
}

// number is a whole number in decimal; 0 always asks for the default.
func number(low, high int) kind {
	want := fmt.Sprintf("a whole number from %d to %d, or 0 for the default", low, high)
	parse := func(s string) (int, error) {
		v, err := strconv.Atoi(s)
		if err != nil || v != 0 && (v < low || v > high) {
			return 0, errPlain
		}
		return v, nil
	}
	return scalar(want, parse, strconv.Itoa)
}

// parseAmount also takes booleans, which the Python client did for the const sampler.
func parseAmount(s string) (float64, error) {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return 1, nil
	case "false", "no", "off":
		return 0, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) || math.IsInf(v, 0) {
		return 0, errPlain
	}
	return v, nil
}

func formatAmount(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// parseDuration has an upper bound so that nanoseconds, which YAML decoders write into a
// time.Duration, are not taken for seconds.
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0 && v <= 24*3600) || v > 0 && v < 1e-3 {
			return 0, errPlain
		}
		d = time.Duration(math.Round(v * float64(time.Second)))
	}
	if d != 0 && (d < time.Millisecond || d > 24*time.Hour) {
		return 0, errPlain
	}
	return d, nil
}

func parseSamplerType(s string) (string, error) {
	switch t := normalize(s); t {
	case "const", "probabilistic", "ratelimiting", "remote":
		return t, nil
	}
	return "", errPlain
}
