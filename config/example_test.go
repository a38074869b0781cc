// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"log"

	"gopkg.in/yaml.v3"

	"github.com/jaegerkit/jaeger/config"
)

func ExampleParse() {
	cfg, err := config.Parse([]byte(`
service_name: your-app-name
sampler: {type: const, param: 1}
logging: true
`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cfg.ServiceName, cfg.Sampler.Type, cfg.Sampler.Param, cfg.Logging)
	// Output: your-app-name const 1 true
}

// One error lists everything wrong.
func ExampleParse_mistakes() {
	_, err := config.Parse([]byte(`
service_nam: your-app-name
sampler: {type: sometimes, param: 1}
`))
	fmt.Println(err)
	// Output:
	// config: 2 problems:
	// 	line 2: unknown key "service_nam", nearest known key "service_name"
	// 	line 3: sampler.type: "sometimes" is not accepted, want const, probabilistic, ratelimiting or remote
}

// A Config can stand in the file of a larger program.
func ExampleConfig_UnmarshalYAML() {
	var file struct {
		Listen  string
		Tracing config.Config
	}
	err := yaml.Unmarshal([]byte(`
listen: :8080
tracing:
  serviceName: shop
  reporter: {localAgentHostPort: "agent.example:6831"}
`), &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Tracing.ServiceName, file.Tracing.Reporter.AgentHost)
	// Output: shop agent.example
}

func ExampleConfig_Validate() {
	cfg := config.Config{Sampler: config.Sampler{Type: "probabilistic", Param: 5}}
	fmt.Println(cfg.Validate())
	// Output:
	// config: 2 problems:
	// 	service_name: no value, want the name of the service (also JAEGER_SERVICE_NAME)
	// 	sampler.param: "5" is not accepted, want a probability from 0 to 1 for the probabilistic sampler
}
