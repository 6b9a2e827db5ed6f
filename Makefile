# The two commands a newcomer needs: make demo, make test. Everything they do is
# in tools/ and in CMake's presets; this file only names it.
PRESET ?= release
BUILD := build/$(PRESET)
ROUNDS ?= 200

help:
	@echo "make demo [IMAGES=folder]  sets up, builds, indexes pictures, asks, writes a page"
	@echo "make test                  sets up, builds, runs every test"
	@echo "make build                 sets up and builds $(BUILD)/bin/likeness"
	@echo "make soak [ROUNDS=200]      kills the server with -9, round after round, and checks"
	@echo "make lint                  format, clang-tidy, thread-safety, house rules"
	@echo "make format                rewrites the sources in the house format"
	@echo "make clean                 removes build/ (not the cache outside the clone)"
	@echo "PRESET=dev|release|asan|tsan chooses the build; release is the default"

build:
	@tools/bootstrap.sh build
	@tools/build.sh $(PRESET) likeness

demo: build
	@tools/bootstrap.sh demo
	@tools/demo.sh $(BUILD)/bin/likeness "$(IMAGES)"

# Tests wait for the disk half of the time: twice as many run at once.
test:
	@tools/bootstrap.sh build test
	@tools/build.sh $(PRESET) all
	@ctest --preset $(PRESET) --parallel "$$(($$(nproc) * 2))"

soak:
	@tools/bootstrap.sh build test
	@tools/build.sh $(PRESET) likeness likeness_soak
	@LIKENESS_PROGRAM=$(BUILD)/bin/likeness $(BUILD)/tests/likeness_soak \
	  --rounds $(ROUNDS)

lint:
	@tools/bootstrap.sh build test lint
	@tools/lint.sh

format:
	@tools/bootstrap.sh lint
	@tools/lint.sh --fix-format

clean:
	rm -rf build

.PHONY: help build demo test soak lint format clean
.DEFAULT_GOAL := help
