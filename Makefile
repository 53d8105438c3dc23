# `make` lists the targets; what stands behind ## is the list's text.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
FUZZTIME ?= 10s
BENCH ?= .
COUNT ?= 6
OLD ?= old.out
NEW ?= new.out

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
BENCHSTAT := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

# The race detector builds pg_query a second time and runs the tests several times slower, so it looks at the packages
# in which goroutines meet.
CONCURRENT := ./alert ./internal/ingest ./monitor

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 12

.PHONY: build
build: ## build ./covetlog
	go build -trimpath -ldflags '-X main.version=$(VERSION)' -o covetlog ./cmd/covetlog

.PHONY: test
test: ## run all tests
	go test -timeout 20m ./...

.PHONY: race
race: ## test the packages with goroutines under the race detector
	go test -race -short $(CONCURRENT)

.PHONY: fuzz
fuzz: ## fuzz each target for FUZZTIME (10s)
	scripts/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## run the benchmarks that match BENCH, COUNT times, into NEW (new.out)
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./... | tee $(NEW)

.PHONY: benchcmp
benchcmp: ## compare the benchmarks in OLD (old.out) and NEW (new.out)
	go run $(BENCHSTAT) $(OLD) $(NEW)

.PHONY: golden
golden: ## write the golden files anew; read the diff before you commit it
	grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u | xargs -I {} go test {} -update
	git diff --stat -- '*.golden'

.PHONY: lint
lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w: $$unformatted" >&2; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...

.PHONY: check
check: test lint race ## what CI runs, with a short fuzz
	$(MAKE) fuzz FUZZTIME=5s
