# make ci is everything; each target is one step of it or a tool for a person.
GO      ?= go
OLD_GO  ?= go1.23.12
NEW_GO  ?= go1.27.1
NESTED  := harness bench metrics/factories logging/zap
ALL     := $(NESTED) e2e tools bench/dropin dropin/apicheck
# Modules that only say which versions are run.
PINS    := e2e/backends e2e/collector e2e/hotrod e2e/published/dskit e2e/published/crossdock
FUZZ    ?= 3000x

.PHONY: ci build vet lint tidy test race old-go new-go test-386 cross nested examples fuzz dropin dropin-api dropin-test dropin-programs e2e bench bench-smoke settings fresh clean-tree

ci: build vet lint tidy test race old-go new-go test-386 cross nested examples fuzz dropin-api dropin-test bench-smoke e2e fresh clean-tree

build:            ; $(GO) build ./...
# The drop-in's Thrift types have a method ReadByte that is not io.ByteReader's.
vet:              ; $(GO) vet ./... && for m in $(ALL); do (cd $$m && $(GO) vet ./...) || exit 1; done; cd dropin && $(GO) vet -stdmethods=false ./...
lint:             ; ./tools/lint $(GO) . dropin $(ALL)
tidy:             ; for m in . dropin $(ALL) $(PINS); do (cd $$m && $(GO) mod tidy -diff) || exit 1; done
test:             ; $(GO) test ./...
race:             ; $(GO) test -race ./...
old-go:           ; GOTOOLCHAIN=$(OLD_GO) $(GO) test ./... && GOTOOLCHAIN=$(OLD_GO) ./tools/examples $(GO) && cd dropin && GOTOOLCHAIN=$(OLD_GO) $(GO) test ./...
# What internal/proc and internal/spin know of the runtime has to hold there too.
new-go:           ; GOTOOLCHAIN=$(NEW_GO) $(GO) test ./... && cd dropin && GOTOOLCHAIN=$(NEW_GO) $(GO) test ./...
test-386:         ; ./tools/test386 $(GO)
cross:            ; for t in linux/386 linux/arm64 darwin/arm64 windows/amd64; do echo $$t; GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 $(GO) build ./... || exit 1; GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 $(GO) vet ./... || exit 1; done
nested:           ; for m in $(NESTED); do (cd $$m && $(GO) test -race ./...) || exit 1; done
examples:         ; ./tools/examples $(GO)
fuzz:             ; ./tools/fuzz $(GO) $(FUZZ)
dropin:           dropin-api dropin-test dropin-programs
dropin-api:       ; cd dropin/apicheck && $(GO) run .
dropin-test:      ; cd dropin && $(GO) test -race ./... && cd apicheck && $(GO) test ./...
dropin-programs:  ; cd e2e && $(GO) test -count=1 -v -run Dropin -timeout 20m .
e2e:              ; cd e2e && $(GO) test -count=1 -v -p 1 -timeout 20m ./...
bench:            ; cd bench && $(GO) run . -o ../docs/performance.md
bench-smoke:      ; $(GO) test -run '^$$' -bench . -benchtime 1x ./... && cd bench && $(GO) run . -smoke
settings:         ; $(GO) generate ./config
fresh:            ; d=$$(mktemp -d) && git clone -q . $$d/clone && cd $$d/clone && $(GO) run ./examples/quickstart >/dev/null 2>&1 && $(GO) vet ./... ; s=$$?; rm -rf $$d; exit $$s
clean-tree:       ; test -z "$$(git status --porcelain)" || { git status --short; exit 1; }
