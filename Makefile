# Every command of the repository. "make help" lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Answers, sorting and messages do not depend on the caller's language.
export LC_ALL := C.UTF-8

APP := limiter-engine/server/target/app
SERVER_JAR := $(APP)/lib/standalone/limiter-server.jar
# Main sources and the launcher. Folders too: their time changes when a file in them is removed.
SERVER_SOURCES := pom.xml $(wildcard limiter-engine/*/pom.xml) \
  $(shell find limiter-engine -path '*/target' -prune -o -path '*/src/[lm]a*' -print)

.PHONY: help run test verify bench bench-http bench-grpc bench-resp bench-authz bench-redis \
  bench-scale dist warnings fmt clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: $(SERVER_JAR) ## start the server (MODE=standalone); rebuilds only what changed
	@exec tools/run.sh

test: ## everything that CI runs: build, all tests, all gates
	@tools/test.sh

verify: ## the long form of the tests (SECONDS=600 of simulation), every benchmark once, briefly
	@tools/test.sh -Dtollgate.long=true -Dtollgate.tries=20000 -Dtollgate.redis.tries=500 \
		-Dtollgate.redis.tries.old=50 -Dtollgate.simulation.seconds=$(or $(SECONDS),600)
	@tools/bench.sh 1
	@tools/bench-http.sh 1 1
	@tools/bench-grpc.sh 1 1
	@tools/bench-resp.sh 1 1
	@tools/bench-authz.sh 1 1
	@tools/bench-redis.sh 1 1
	@tools/bench-redis.sh 1 1 scale

bench: ## the memory store beside Bucket4j: medians of ROUNDS interleaved rounds (default 5)
	@tools/bench.sh $(or $(ROUNDS),5)

bench-http: $(SERVER_JAR) ## the HTTP door beside nginx and throttlecrab (ROUNDS=5, SECONDS=6)
	@tools/bench-http.sh $(or $(ROUNDS),5) $(or $(SECONDS),6)

bench-grpc: $(SERVER_JAR) ## gRPC beside throttlecrab and Envoy ratelimit (ROUNDS=5, SECONDS=6)
	@tools/bench-grpc.sh $(or $(ROUNDS),5) $(or $(SECONDS),6)

bench-resp: $(SERVER_JAR) ## CL.THROTTLE beside throttlecrab and a Redis script (ROUNDS, SECONDS)
	@tools/bench-resp.sh $(or $(ROUNDS),5) $(or $(SECONDS),6)

bench-authz: $(SERVER_JAR) ## nginx that asks the server beside its limit_req (ROUNDS, SECONDS)
	@tools/bench-authz.sh $(or $(ROUNDS),5) $(or $(SECONDS),6)

bench-redis: $(SERVER_JAR) ## limits over Redis beside EVALSHA and Bucket4j (ROUNDS=5, SECONDS=6)
	@tools/bench-redis.sh $(or $(ROUNDS),5) $(or $(SECONDS),6)

bench-scale: $(SERVER_JAR) ## a Cluster beside one Redis, a hot key with and without an allotment
	@tools/bench-redis.sh $(or $(ROUNDS),5) $(or $(SECONDS),6) scale

dist: $(SERVER_JAR) ## dist/: own Java runtime, libraries, dist/bin/tollgate
	@tools/dist.sh

warnings: ## compile everything and show all warnings at once
	@tools/warnings.sh

fmt: ## format all Java sources
	@./mvnw -B -ntp -q spotless:apply

clean: ## remove everything that was built
	@rm -rf dist target
	@find . -name target -type d -prune -exec rm -rf {} +

$(SERVER_JAR): $(SERVER_SOURCES)
	@tools/app.sh
