# make run    builds what is missing and serves the demonstration site
# make test   checks everything, on SQLite and on PostgreSQL, in a browser too
# make build  leaves the program at bin/guangyi, style sheets and scripts inside
# make bench  measures against baselines in the same run
# make soak   long runs: fuzz targets (FUZZTIME each), 100,000 random operations, 200 kills
# make fmt    formats Go and templ

export PATH := $(PATH):/usr/local/go/bin
ifeq ($(HOME),)
export HOME := $(or $(shell getent passwd "$$(id -u)" | cut -d: -f6 | while read -r home; do [ -w "$$home" ] && echo "$$home"; done),$(CURDIR)/bin/.home)
endif

VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
FUZZTIME  ?= 30s
ASSETS    := views/assets
MANIFEST  := $(ASSETS)/dist/manifest.json
NODE      := $(ASSETS)/node_modules/.package-lock.json
TEMPL     := $(shell find views -name node_modules -prune -o -name '*.templ' -print)
GENERATED := $(TEMPL:.templ=_templ.go)
SOURCES   := go.mod go.sum $(shell find cmd internal migrations policies views \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*_test.go' -print)

.PHONY: run build assets test check tools bench soak fmt clean
.DELETE_ON_ERROR:

run: build
	@exec bin/guangyi serve --demo --otherwise

build: bin/guangyi

bin/guangyi: $(SOURCES) $(GENERATED) $(MANIFEST)
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/guangyi

assets: $(MANIFEST)

$(MANIFEST): $(shell find $(ASSETS)/src $(ASSETS)/build $(ASSETS)/*.go -type f ! -name '*_test.go') $(NODE)
	go run ./$(ASSETS)/build
	@touch $@

$(NODE): $(ASSETS)/package-lock.json
	@command -v npm >/dev/null || { echo 'Node is missing; it builds the style sheets: apt-get install nodejs npm' >&2; exit 1; }
	cd $(ASSETS) && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier
	@touch $@

%_templ.go: %.templ
	go tool templ generate -f $<
	@touch $@

# The wrapper lends one private PostgreSQL to all packages, ends it whatever
# happens, and fails when a process is left behind.
bin/testdb: go.mod go.sum $(wildcard internal/platform/database/cluster/*.go internal/platform/database/cluster/run/*.go)
	go build -buildvcs=false -o $@ ./internal/platform/database/cluster/run

test: check assets bin/testdb tools
	bin/testdb go test -timeout 20m ./...

check: assets
	@unformatted=$$(gofmt -l cmd internal migrations policies views); \
	  [ -z "$$unformatted" ] || { echo "not formatted (make fmt does it): $$unformatted" >&2; exit 1; }
	@.ci/generated
	go vet ./...

# What cannot be found and may not be installed is a failure that says the cure.
tools: bin/testdb
	@.ci/tools

bench: build bin/testdb
	bin/testdb -durable go run ./internal/bench

soak: assets bin/testdb
	@grep -rl --include='*_test.go' '^func Fuzz' cmd internal views | xargs -r -n1 dirname | sort -u | while read -r package; do \
	  for target in $$(grep -h -o '^func Fuzz[A-Za-z0-9_]*' $$package/*_test.go | cut -c6-); do \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$package || exit 1; \
	  done; \
	done
	GUANGYI_HAMMER_BLOWS=100000 GUANGYI_KILL_ROUNDS=200 bin/testdb go test -timeout 8h -run 'TestHammer|TestKilled|Killing' ./internal/server ./internal/register
	GUANGYI_EVERY_VIEW=1 bin/testdb go test -timeout 2h ./internal/... ./views/...

fmt:
	gofmt -w cmd internal migrations policies views
	go tool templ fmt views
	@for file in $(TEMPL); do go tool templ generate -f $$file >/dev/null || exit 1; done

clean:
	@[ ! -e bin/.home ] || chmod -R u+w bin/.home
	rm -rf bin $(filter-out .keep,$(wildcard $(ASSETS)/dist/*))
