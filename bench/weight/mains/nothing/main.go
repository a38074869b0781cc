// SPDX-License-Identifier: Apache-2.0

// Nothing is a service without tracing: what the others are compared with.
package main

import "net/http"

func main() {
	_ = http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("hello"))
	}))
}
