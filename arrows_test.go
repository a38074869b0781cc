// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages of this module each of them may import: the
// drawing of ARCHITECTURE.md. A package that is not listed fails the test.
var arrows = map[string]string{
	"jaeger":                 "baggage internal/proc internal/spin internal/tsc internal/wire model propagation reporter sampler throttle",
	"agenttest":              "",
	"baggage":                "internal/fetch",
	"config":                 "baggage jaeger logging metrics model propagation reporter rpcmetrics sampler throttle transport",
	"examples/customsampler": "agenttest jaeger model reporter sampler transport",
	"examples/http":          "agenttest config jaeger logging",
	"examples/quickstart":    "agenttest config jaeger",
	"internal/fetch":         "",
	"internal/limit":         "",
	"internal/proc":          "",
	"internal/spin":          "",
	"internal/thrift":        "",
	"internal/tsc":           "",
	"internal/wire":          "internal/thrift model",
	"logging":                "model",
	"metrics":                "",
	"model":                  "",
	"propagation":            "model",
	"reporter":               "model transport",
	"rpcmetrics":             "jaeger model",
	"sampler":                "internal/fetch internal/limit model",
	"throttle":               "internal/fetch internal/limit",
	"transport":              "internal/thrift internal/wire model",
}

// allowed names packages from elsewhere that only some may import directly.
var allowed = map[string][]string{
	"net/http": {"agenttest", "baggage", "config", "examples/http", "internal/fetch", "propagation", "sampler", "throttle",
		"transport"},
	"github.com/opentracing/opentracing-go": {"agenttest", "config", "examples/customsampler", "examples/http", "examples/quickstart", "jaeger", "logging", "propagation", "rpcmetrics"},
	"github.com/uber/jaeger-lib/metrics":    {"config", "metrics", "rpcmetrics"},
	"gopkg.in/yaml.v3":                      {"config"},
	"github.com/apache/thrift":              {"agenttest", "examples/quickstart"},
	"github.com/jaegertracing/jaeger-idl":   {"agenttest", "examples/quickstart"},
}

const module = "github.com/jaegerkit/jaeger"

func TestArrows(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		from := name(fields[0])
		want, listed := arrows[from]
		if !listed {
			t.Errorf("package %s is not in the drawing", from)
			continue
		}
		seen++
		for _, imported := range fields[1:] {
			if imported == module || strings.HasPrefix(imported, module+"/") {
				if to := name(imported); !slices.Contains(strings.Fields(want), to) {
					t.Errorf("%s imports %s, want only: %s", from, to, want)
				}
				continue
			}
			first, _, _ := strings.Cut(imported, "/")
			known := !strings.Contains(first, ".") && imported != "net/http"
			for path, users := range allowed {
				if imported == path || strings.HasPrefix(imported, path+"/") {
					known = slices.Contains(users, from)
				}
			}
			if !known {
				t.Errorf("%s imports %s", from, imported)
			}
		}
	}
	if seen != len(arrows) {
		t.Errorf("found %d packages, want the %d of the drawing", seen, len(arrows))
	}
}

// name is a package's folder, jaeger for the root.
func name(path string) string {
	if path == module {
		return "jaeger"
	}
	return strings.TrimPrefix(path, module+"/")
}

// What a user's build gets with the library is small.
func TestModelAndRootStayLight(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	for _, pkg := range []string{"./model", "."} {
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		deps := strings.Fields(string(out))
		for _, banned := range []string{"gopkg.in/yaml.v3", "github.com/apache/thrift/lib/go/thrift", "github.com/uber/jaeger-lib/metrics", "testing"} {
			if slices.Contains(deps, banned) {
				t.Errorf("%s depends on %s", pkg, banned)
			}
		}
		if pkg == "./model" {
			for _, dep := range deps {
				if first, _, _ := strings.Cut(dep, "/"); strings.Contains(first, ".") && dep != module+"/model" {
					t.Errorf("model depends on %s", dep)
				}
				if dep == "net/http" {
					t.Error("model depends on net/http")
				}
			}
		}
	}
}
