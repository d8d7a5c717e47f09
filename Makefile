# Everything that the build server does, each step also by itself.

FUZZTIME ?= 10s
export FUZZTIME

# The version control stamp is of no use to a test, and needs a repository.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

# In the order of "what fails soonest": cheap checks first.
CHECKS := tools fmt vet tidy lint fresh arch
TESTS  := race exact fuzz bench gate interop browser

# What the race detector runs. The house rules read the source, and have no
# goroutines worth the wait.
PACKAGES = $$(go list ./... | grep -v /internal/arch$$)

.PHONY: help test check $(CHECKS) $(TESTS) clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

test: ## everything, as on the build server
	@.ci/steps $(CHECKS) $(TESTS)

check: ## the cheap checks
	@.ci/steps $(CHECKS)

tools: ## build staticcheck and tally into bin/
	@mkdir -p bin
	@go -C internal/tools build -o ../../bin/ ./tally honnef.co/go/tools/cmd/staticcheck

fmt: ## gofmt has nothing to change
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "run gofmt -w on:"; echo "$$files"; exit 1; }

vet: ## go vet, in every module
	@go vet ./...
	@go -C internal/tools vet ./...
	@go -C bench vet ./...
	@go -C interop vet ./...

tidy: ## go.mod and go.sum are tidy, in every module
	@go mod tidy -diff
	@go -C internal/tools mod tidy -diff
	@go -C bench mod tidy -diff
	@go -C interop mod tidy -diff

lint: tools ## staticcheck
	@bin/staticcheck ./...
	@cd internal/tools && ../../bin/staticcheck ./...

fresh: ## generated code is what the generator writes now
	@go run ./cmd/ashlar generate --check ./...

arch: tools ## the house rules
	@.ci/gotest arch -vet=off ./internal/arch
	@grep -o '[^ ]*: [^"]* is a smell over [^"\\]*' .ci/out/arch.json || true
	@.ci/gotest tools -C internal/tools -vet=off ./...

race: tools ## all tests, under the race detector
	@.ci/machine cc
	@.ci/machine postgres mariadbd || echo "tests that need these servers are skipped"
	@.ci/gotest race -race -vet=off $(PACKAGES)

exact: tools ## allocations and memory, which the race detector changes
	@.ci/gotest exact -vet=off -run 'Allocations|IdleConnections' ./httpd . ./validate

fuzz: tools ## each fuzz target for FUZZTIME
	@.ci/fuzz

bench: tools ## the benchmarks build, and their tests pass
	@.ci/gotest bench -C bench -vet=off ./...

gate: ## allocations of a request and of a query, exactly, and time against others, roughly
	@go -C bench run ./http -gate
	@.ci/machine postgres mariadbd || echo "tests that need these servers are skipped"
	@go -C bench run ./db -gate

interop: tools ## other people's libraries run on an app
	@.ci/gotest interop -C interop -vet=off ./...

browser: tools ## the example shop in a real browser
	@.ci/machine cc chromium
	@ASHLAR_BROWSER=1 .ci/gotest browser -race -vet=off -run Browser ./examples/...
	@grep -q '"Action":"pass".*"Test":"[^"]*Browser' .ci/out/browser.json || { echo "no test ran in a browser"; exit 1; }

clean: ## remove what the targets built
	@rm -rf bin .ci/out
