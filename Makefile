# make test     everything that must hold, from a fresh clone
# make policies compile the rules into checker/policies.wasm and checker/catalog.json
# make mutate   name each clause of the Rego that no test would miss
# make bench    print speed and memory beside other tools
# make bench-rehearsal  print time and memory of rehearsing 1,000 and 10,000 Pods
# make bench-webhook    print speed and memory of the webhook beside an OPA server
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/checker-tools
digest = $(shell cat $(1) | sha256sum | cut -c1-16)
GO_TOOLS := $(CACHE)/opa-$(call digest,tools/go.sum)
REGAL_TOOLS := $(CACHE)/regal-$(call digest,tools/regal/go.sum)
ETCD_TOOLS := $(CACHE)/etcd-$(call digest,tools/etcd/go.sum)
KUBERNETES_TOOLS := $(CACHE)/kubernetes-$(call digest,tools/kubernetes/go.sum)
HELM_TOOLS := $(CACHE)/helm-$(call digest,tools/helm/go.sum)
PROMETHEUS_TOOLS := $(CACHE)/prometheus-$(call digest,tools/prometheus/go.sum)
VEGETA_TOOLS := $(CACHE)/vegeta-$(call digest,tools/vegeta/go.sum)
SARIF_TOOLS := $(CACHE)/sarif-$(call digest,tools/sarif/package-lock.json)
ACTIONLINT_TOOLS := $(CACHE)/actionlint-$(call digest,tools/actionlint/go.sum)
OPENAPI_TOOLS := $(CACHE)/openapi-$(call digest,tools/openapi/package-lock.json)
HTML_TOOLS := $(CACHE)/html-$(call digest,tools/html/package-lock.json)
export PATH := $(BIN):$(GO_TOOLS):$(REGAL_TOOLS):$(ETCD_TOOLS):$(KUBERNETES_TOOLS):$(HELM_TOOLS):$(PROMETHEUS_TOOLS):$(VEGETA_TOOLS):$(ACTIONLINT_TOOLS):$(SARIF_TOOLS)/node_modules/.bin:$(HTML_TOOLS)/node_modules/.bin:$(OPENAPI_TOOLS)/node_modules/.bin:$(PATH)

.PHONY: test lint rego python scan policies bench bench-rehearsal bench-webhook tools browser

test: tools lint rego python scan

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[otel,trivy,webhook]' --group dev
	touch $@

# Go programs are built once into the user's cache, where the next clone finds them.
$(GO_TOOLS)/opa:
	@command -v go >/dev/null || { echo 'make: no go program: opa cannot be built, its tests are skipped'; exit 0; }; \
	cd tools && mkdir -p $(GO_TOOLS) && GOBIN=$(GO_TOOLS) go install github.com/open-policy-agent/opa

$(REGAL_TOOLS)/regal:
	@command -v go >/dev/null || { echo 'make: no go program: regal cannot be built, its tests are skipped'; exit 0; }; \
	cd tools/regal && mkdir -p $(REGAL_TOOLS) && GOBIN=$(REGAL_TOOLS) go install github.com/open-policy-agent/regal

$(ETCD_TOOLS)/etcd:
	@command -v go >/dev/null || { echo 'make: no go program: etcd cannot be built, the tests with a cluster are skipped'; exit 0; }; \
	cd tools/etcd && go build -ldflags '-s -w' -o $(ETCD_TOOLS)/etcd go.etcd.io/etcd/server/v3

$(VEGETA_TOOLS)/vegeta:
	cd tools/vegeta && mkdir -p $(VEGETA_TOOLS) && GOBIN=$(VEGETA_TOOLS) go install github.com/tsenart/vegeta/v12

$(ACTIONLINT_TOOLS)/actionlint:
	@command -v go >/dev/null || { echo 'make: no go program: actionlint cannot be built, its tests are skipped'; exit 0; }; \
	cd tools/actionlint && mkdir -p $(ACTIONLINT_TOOLS) && GOBIN=$(ACTIONLINT_TOOLS) go install github.com/rhysd/actionlint/cmd/actionlint

# The API server and its client say which release they are only if the linker is told.
$(KUBERNETES_TOOLS)/kubectl:
	@command -v go >/dev/null || { echo 'make: no go program: kube-apiserver cannot be built, the tests with a cluster are skipped'; exit 0; }; \
	cd tools/kubernetes && mkdir -p $(KUBERNETES_TOOLS) && GOBIN=$(KUBERNETES_TOOLS) CGO_ENABLED=0 \
	go install -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$$(go list -m -f '{{.Version}}' k8s.io/kubernetes)" \
	k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kubectl

$(HELM_TOOLS)/helm:
	@command -v go >/dev/null || { echo 'make: no go program: helm cannot be built, the tests of the chart are skipped'; exit 0; }; \
	cd tools/helm && CGO_ENABLED=0 go build -ldflags '-s -w' -o $(HELM_TOOLS)/helm helm.sh/helm/v4/cmd/helm

# What finds machines to scrape is left out: only rules and metrics are checked.
$(PROMETHEUS_TOOLS)/promtool:
	@command -v go >/dev/null || { echo 'make: no go program: promtool cannot be built, its tests are skipped'; exit 0; }; \
	cd tools/prometheus && go build -tags remove_all_sd -ldflags '-s -w' -o $(PROMETHEUS_TOOLS)/promtool \
	github.com/prometheus/prometheus/cmd/promtool

$(SARIF_TOOLS)/installed:
	@command -v npm >/dev/null || { echo 'make: no npm program: the SARIF validator is not installed, its tests are skipped'; exit 0; }; \
	mkdir -p $(SARIF_TOOLS) && cp tools/sarif/package.json tools/sarif/package-lock.json $(SARIF_TOOLS) && \
	cd $(SARIF_TOOLS) && npm ci --no-audit --no-fund --silent && touch $@

$(HTML_TOOLS)/installed:
	@command -v npm >/dev/null || { echo 'make: no npm program: axe and the HTML validator are not installed, their tests are skipped'; exit 0; }; \
	mkdir -p $(HTML_TOOLS) && cp tools/html/package.json tools/html/package-lock.json $(HTML_TOOLS) && \
	cd $(HTML_TOOLS) && npm ci --no-audit --no-fund --silent && touch $@

# GitHub's description comes with those of every other edition, which are thrown away.
$(OPENAPI_TOOLS)/installed:
	@command -v npm >/dev/null || { echo 'make: no npm program: the description of GitHub is not installed, its tests are skipped'; exit 0; }; \
	mkdir -p $(OPENAPI_TOOLS) && cp tools/openapi/package.json tools/openapi/package-lock.json $(OPENAPI_TOOLS) && \
	cd $(OPENAPI_TOOLS) && npm ci --no-audit --no-fund --silent && \
	find node_modules/@octokit/openapi/generated -name '*.json' ! -name api.github.com.json -delete && touch $@

browser:
	@command -v chromium >/dev/null || echo 'make: no chromium program (a package of most systems): the tests of the HTML page in a browser are skipped'

tools: browser $(VENV)/installed $(GO_TOOLS)/opa $(REGAL_TOOLS)/regal $(ETCD_TOOLS)/etcd $(KUBERNETES_TOOLS)/kubectl \
	$(HELM_TOOLS)/helm $(PROMETHEUS_TOOLS)/promtool $(ACTIONLINT_TOOLS)/actionlint $(SARIF_TOOLS)/installed $(HTML_TOOLS)/installed $(OPENAPI_TOOLS)/installed

lint: $(VENV)/installed
	ruff check
	ruff format --check
	mypy

rego: tools
	python tools/policies.py --check

# Axe is a script for browsers, not a program that would be found on the PATH.
python: tools
	CHECKER_AXE_CORE=$$(ls $(HTML_TOOLS)/node_modules/axe-core/axe.min.js 2>/dev/null) pytest --cov --cov-report=term:skip-covered --cov-fail-under=95

# The repository is held to its own rules.
scan: $(VENV)/installed
	checker scan --config .ci/checker.yaml .

policies: tools
	python tools/policies.py

mutate: tools
	python tools/mutate.py policies

bench: tools
	python benchmarks/scan.py

bench-rehearsal: $(VENV)/installed
	python benchmarks/rehearsal.py

bench-webhook: tools $(VEGETA_TOOLS)/vegeta
	PYTHONPATH=. python benchmarks/webhook.py
