# make ci is everything; each target is one step of it or a tool for a person.
GO      ?= go
OLD_GO  ?= go1.23.12
NESTED  := harness
FUZZ    ?= 20000x

.PHONY: ci build vet lint tidy test race old-go test-386 cross nested examples fuzz e2e bench-smoke settings clean-tree

ci: build vet lint tidy test race old-go test-386 cross nested examples fuzz e2e clean-tree

build:            ; $(GO) build ./...
vet:              ; $(GO) vet ./... && for m in $(NESTED) e2e; do (cd $$m && $(GO) vet ./...) || exit 1; done
lint:             ; ./tools/lint $(GO) . $(NESTED) e2e
tidy:             ; for m in . $(NESTED) e2e e2e/backends tools; do (cd $$m && $(GO) mod tidy -diff) || exit 1; done
test:             ; $(GO) test ./...
race:             ; $(GO) test -race ./...
old-go:           ; GOTOOLCHAIN=$(OLD_GO) $(GO) test ./...
test-386:         ; ./tools/test386 $(GO)
cross:            ; for t in linux/386 linux/arm64 darwin/arm64 windows/amd64; do echo $$t; GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 $(GO) build ./... || exit 1; GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 $(GO) vet ./... || exit 1; done
nested:           ; for m in $(NESTED); do (cd $$m && $(GO) test -race ./...) || exit 1; done
examples:         ; ./tools/examples $(GO)
fuzz:             ; ./tools/fuzz $(GO) $(FUZZ)
e2e:              ; cd e2e && $(GO) test -count=1 -v -p 1 -timeout 20m ./...
bench-smoke:      ; $(GO) test -run '^$$' -bench . -benchtime 1x ./...
settings:         ; $(GO) generate ./config
clean-tree:       ; test -z "$$(git status --porcelain)" || { git status --short; exit 1; }
