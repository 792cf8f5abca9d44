# gilbench: `make help` lists the targets. Project flags live in their own variables, so that CFLAGS stays the user's.

BUILD  ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
V      ?= 0
BUDGET ?=
Q      := $(if $(filter 1,$(V)),,@)
# make has a CC of its own ("cc"), so ?= would not do.
ifeq ($(origin CC),default)
CC := gcc
endif

ifneq ($(shell uname -s),Linux)
$(error gilbench needs Linux (futexes, timerfd, /proc, cgroups): on another system, run it in a Linux virtual machine or container)
endif

PACKAGES := libuv inih libcrypto zlib gsl jansson hwloc
# Asked once, at the first use: pkg-config itself may come with `make deps`.
PACKAGE_CFLAGS = $(eval PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES)))$(PACKAGE_CFLAGS)
PACKAGE_LIBS   = $(eval PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES)))$(PACKAGE_LIBS)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla \
	-Wformat=2 -Wimplicit-fallthrough
PROJECT_CPPFLAGS = -Iinclude -Isrc -D_GNU_SOURCE -DGILBENCH_PREFIX='"$(PREFIX)"' \
	-DGILBENCH_CFLAGS='"$(strip $(CFLAGS) $(CODE_CFLAGS))"' -DGILBENCH_VERSION='"$(VERSION)"' $(PACKAGE_CFLAGS)
# What shapes the code goes into every manifest; what only warns does not.
CODE_CFLAGS      = -std=c17 -pthread -fno-omit-frame-pointer $(EXTRA)
PROJECT_CFLAGS   = $(CODE_CFLAGS) $(WARNINGS)
PROJECT_LIBS     = $(PACKAGE_LIBS) -lm -pthread
VERSION          = 0.1

SOURCES := $(wildcard src/*/*.c bench/*.c)
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/registry.o
LIBRARY  = $(filter-out $(BUILD)/src/cli/main.o,$(OBJECTS))
UNIT     = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

# The build proper, once the dependencies are there: on every CPU, unless the caller said how many.
MAKE_BUILD = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

.DEFAULT_GOAL := all
.PHONY: all build run-all demo test units lint tsan asan hostile bench-sim deps install uninstall clean help

help: ## list the targets
	@awk -F':.*## ' 'BEGIN{print "gilbench: targets of make (CFLAGS, PREFIX, BUILD, BUDGET may be given)"} /^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

deps: ## install what is missing (Debian packages), or print the one command to type
	@scripts/deps.sh all

all: ## build build/gilbench
	@scripts/deps.sh build
	@$(MAKE_BUILD) build

build: $(BUILD)/gilbench

units: $(UNIT)

run-all: ## everything, from nothing: the experiments, charts, a report (BUDGET=60s bounds the measuring)
	@scripts/deps.sh run
	@$(MAKE_BUILD) build
	@scripts/run-all.sh $(BUILD)/gilbench "$(BUDGET)"

demo: ## the classroom half-minute: CPU-bound beside I/O-bound, one picture
	@scripts/deps.sh run
	@$(MAKE_BUILD) build
	@$(BUILD)/gilbench demo

test: ## everything, from nothing: dependencies, build, all tests
	@scripts/deps.sh test
	@$(MAKE_BUILD) build units
	@scripts/test.sh $(BUILD)

lint: ## clang-format, cppcheck, shellcheck, layers and cycles of the includes
	@scripts/deps.sh lint
	@scripts/lint.sh

tsan: ## the matrix of workloads and models under ThreadSanitizer
	@scripts/deps.sh test
	@scripts/sanitize.sh tsan '-fsanitize=thread'

asan: ## the same under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/deps.sh test
	@scripts/sanitize.sh asan '-fsanitize=address,undefined -fno-sanitize-recover=undefined'

hostile: ## the same with switch interval 0, a yield at every checkpoint, tiny buffers
	@scripts/deps.sh test
	@scripts/sanitize.sh hostile '-DGILBENCH_HOSTILE=1'

bench-sim: ## how fast the simulator of virtual time is, beside SimPy
	@scripts/deps.sh sim
	@$(MAKE_BUILD) build
	@scripts/bench-sim.sh $(BUILD)/gilbench

install: all ## into PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/gilbench
	install -m 755 $(BUILD)/gilbench $(DESTDIR)$(PREFIX)/bin/gilbench
	cp -R bench scripts $(DESTDIR)$(PREFIX)/share/gilbench/

uninstall: ## take it out again
	rm -f $(DESTDIR)$(PREFIX)/bin/gilbench
	rm -rf $(DESTDIR)$(PREFIX)/share/gilbench

clean: ## remove what was built (runs and charts stay)
	rm -rf build build-*

$(BUILD)/gilbench: $(OBJECTS)
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) $(PROJECT_CFLAGS) $(LDFLAGS) -o $@ $^ $(PROJECT_LIBS)

$(BUILD)/%.o: %.c | $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(PROJECT_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(PROJECT_CFLAGS) -MMD -MP -c -o $@ $<

# Virtual time is the same on every machine: no compiler may round a product and its sum at once.
$(BUILD)/src/sim/%.o: PROJECT_CFLAGS += -ffp-contract=off

# The tables of workloads, models and subcommands: text made from the names of the files, to be opened and read.
$(BUILD)/registry.c: scripts/registry.sh $(wildcard bench/*.c src/model/*.c src/cli/cmd_*.c)
	@mkdir -p $(@D)
	$(Q)scripts/registry.sh > $@

$(BUILD)/registry.o: $(BUILD)/registry.c
	$(Q)$(CC) $(PROJECT_CPPFLAGS) $(CFLAGS) $(PROJECT_CFLAGS) -MMD -MP -c -o $@ $<

# Unit tests link an archive, so that each takes only the modules it uses and may bring fakes of the others.
$(BUILD)/libgilbench.a: $(LIBRARY)
	@rm -f $@
	$(Q)$(AR) qcs $@ $^

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libgilbench.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(PROJECT_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(PROJECT_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< \
		$(BUILD)/libgilbench.a $(PROJECT_LIBS) -lcmocka

# What the front end says of every file, without making anything: `make CC=clang EXTRA=-Werror syntax`.
SYNTAX = $(SOURCES:%=$(BUILD)/%.syntax) $(patsubst %,$(BUILD)/%.syntax,$(wildcard tests/unit/test_*.c))
.PHONY: syntax $(SYNTAX)
syntax: $(SYNTAX)
$(SYNTAX): $(BUILD)/%.syntax: %
	$(Q)$(CC) $(PROJECT_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(PROJECT_CFLAGS) -fsyntax-only $<

# Rebuild when the flags change.
FLAGS_NOW = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(EXTRA) $(PREFIX)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@
$(OBJECTS): $(BUILD)/flags
FORCE:
.PRECIOUS: $(BUILD)/registry.c

-include $(OBJECTS:.o=.d) $(UNIT:=.d)
