# make demo, make test: the README's two commands. Each first checks what it needs (tools/setup).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT_SOURCES := Package.swift Sources Tests Benchmarks Examples tools/programs

.PHONY: help setup demo test smoke docs lint unit tools-test bench bench-bundle sanitize hostile mutate format clean \
	install uninstall dist dist-check \
	test-opencl test-intel-opencl lint-kernels commands-test check-bad bench-tables fuzz kill-check

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 26

setup: ## install what the other targets need; does nothing if it is all installed
	@tools/setup test
	@echo "setup: this machine has everything that make demo and make test need"

demo: ## train on three small CSV files and print how good the models are
	@tools/setup demo
	swift build -c release --product mltrain
	@tools/demo

test: ## lint and run all tests
	@tools/setup test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory tools-test
	@$(MAKE) --no-print-directory unit
	@Tests/tools/commands-test
	@Tests/tools/c-library-test
	@Tests/tools/install-test
	@tools/kill-check --kills 4 --bin .build/tests/release datasets/diabetes.csv:target
	@grep -E '^✔ Test run with' .build/tests/output.log | tail -n 1 # the runner's summary comes last

smoke: ## check each part of the library, in half a minute after an edit
	@tools/setup demo
	swift build --product smoke --scratch-path .build/smoke -Xcc -O2
	@.build/smoke/debug/smoke

docs: ## build the documentation: an article for each concept, and all public symbols
	@tools/setup demo
	@tools/docs

lint: ## run the formatter's strict check, and check which room names which and what mutations change
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@tools/rooms
	@tools/mutate --check

unit: # run only the Swift tests; the runner's summary is the last line
	@tools/unit

tools-test: # run the scripts' tests, and verify the data sets' checksums
	@Tests/tools/setup-test
	@Tests/tools/rooms-test
	@Tests/tools/opencl-header-test
	@Tests/tools/bundle-test
	@Tests/tools/kernel-tools-test
	@Tests/tools/docs-test
	@Tests/tools/tables-test
	@cd datasets && sha256sum --check --status README.md || { echo "datasets/README.md: a file does not match its checksum"; exit 1; }

commands-test: ## run the commands without memory, disk space or streams, and with all signals
	@Tests/tools/commands-test --long

format: ## rewrite the sources with the formatter
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

bench: ## measure this machine's peak rates and what the library reaches of them
	@tools/setup demo
	swift build -c release --product flops
	"$$(swift build -c release --show-bin-path)/flops"

bench-tables: ## train on twenty public tables beside scikit-learn; PYTHON=an interpreter with it
	@tools/setup demo
	swift build -c release --product mltrain
	@"$(or $(PYTHON),$(error PYTHON=… is an interpreter with scikit-learn, see Benchmarks/README.md))" \
		Benchmarks/tables/bench-tables

bench-bundle: ## make a folder for other machines: all device checks, the tuner, the benchmarks
	@tools/setup demo
	@tools/bench-bundle

sanitize: ## run the tests under AddressSanitizer and ThreadSanitizer, the kernels under Oclgrind
	@tools/setup test
	@tools/sanitize

test-opencl: ## run all Swift tests with the OpenCL device as the default, with both kernel variants
	@tools/setup test
	@SLOPE_DEVICE=opencl:0:0 tools/unit
	@SLOPE_DEVICE=opencl:0:0:simt tools/unit

test-intel-opencl: ## run the OpenCL tests on Intel's runtime for CPUs (downloads 0.8 GB, once)
	@tools/setup test
	@tools/intel-opencl

lint-kernels: ## compile the kernels to GPU machine code, and check the registers that they use
	@tools/setup demo
	@tools/lint-kernels

hostile: ## make a million calls with hostile arguments, also on OpenCL and under sanitizers
	@tools/setup test
	@tools/hostile

fuzz: ## give generated tables, models and config files to their readers, 600 s each (SECONDS=600)
	@tools/setup test
	@tools/fuzz $(or $(SECONDS),600)

check-bad: ## train on odd and broken CSV files, own ones or those of DIR=FOLDER
	@tools/setup demo
	swift build -c release --product mltrain
	@tools/check-bad $(DIR)

kill-check: ## kill 100 trainings of each kind at random moments, go on, and compare the models
	@tools/setup demo
	@tools/kill-check

mutate: ## change one line at a time and check whether the tests notice (tools/mutations.txt)
	@tools/setup test
	@tools/mutate

install: ## install mltrain, its manual pages and completions, libslope_predict: PREFIX=/usr/local DESTDIR=
	@tools/setup demo
	@[ -x .build/dist/mltrain ] && [ -f .build/dist/libslope_predict.so ] && \
		[ -z "$$(find Package.swift Sources kernels -newer .build/dist/mltrain)" ] || tools/dist build
	@PREFIX="$(or $(PREFIX),/usr/local)" DESTDIR="$(DESTDIR)" \
		tools/install .build/dist/mltrain .build/dist/libslope_predict.so

uninstall: ## remove what `make install` installed: PREFIX=/usr/local DESTDIR=
	@PREFIX="$(or $(PREFIX),/usr/local)" DESTDIR="$(DESTDIR)" tools/install --uninstall

dist: ## make a tarball of mltrain and libslope_predict that needs OpenBLAS alone
	@tools/setup demo
	@tools/dist

dist-check: ## try the tarball on a bare Debian 12, in a container or by debootstrap
	@tools/dist-check

clean: ## remove everything that was built
	rm -rf .build .build-*
