# make          build build/release/{bin,share}
# make demo     one mail after the other through private mail servers, readable at a glance
# make check    all tests, under AddressSanitizer and UndefinedBehaviorSanitizer
# More targets: unit flow corpus people weights lint kill fault newsletter-kill soak fuzz bench install format
VERSION := 0.1
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
KIND ?= release
B := build/$(KIND)

# Debian packages: to build and run; to test as well.
PACKAGES := gcc make pkg-config libetpan-dev libgmime-3.0-dev libcurl4-gnutls-dev libgnutls28-dev \
  libsqlite3-dev libpcre2-dev libxml2-dev libical-dev libsystemd-dev libjansson-dev libsodium-dev libidn2-dev \
  libcmark-gfm-dev libcmark-gfm-extensions-dev
TEST_PACKAGES := $(PACKAGES) dovecot-imapd dovecot-lmtpd postfix openssl python3 ca-certificates sqlite3 git \
  clang clang-tidy clang-format libclang-rt-14-dev cppcheck mandoc systemd chromium

CC ?= gcc
LIBRARIES := gmime-3.0 libcurl gnutls sqlite3 libpcre2-8 libxml-2.0 libical libsystemd jansson libsodium libidn2 libcmark-gfm
WARN := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith -Wwrite-strings
CPPFLAGS += -I. -D_GNU_SOURCE -DSTADTLABOR_VERSION='"$(VERSION)"' \
  -DSTADTLABOR_SHARE_FOLDER='"$(PREFIX)/share/stadtlabor"' -DSTADTLABOR_SYSCONFDIR='"$(SYSCONFDIR)/stadtlabor"' \
  $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
CFLAGS_san := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDFLAGS_san := -fsanitize=address,undefined
ALL_CFLAGS := -std=c17 -fPIE -pthread $(WARN) $(CFLAGS_$(KIND)) $(CFLAGS)
ALL_LDFLAGS := -pthread $(LDFLAGS_$(KIND)) $(LDFLAGS)
# Plain -letpan: its pkg-config file drags in a non-PIE link.
LDLIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -letpan

# The rooms, lowest first; a room may include only what stands before it.
PURE_ROOMS := base $(addprefix parsers/,pattern language mail robot programme person reading)
ROOMS := $(PURE_ROOMS) \
  daemon/store daemon/post daemon/desk daemon/programme daemon/newsletter daemon/staff
objects = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)/*.c))
SQL := daemon/store/schema.sql $(shell ls -v daemon/store/migration-*.sql)
OBJECTS := $(foreach room,$(ROOMS),$(call objects,$(room))) $(B)/migrations.o
PROGRAMS := $(patsubst daemon/%.c,$(B)/bin/%,$(wildcard daemon/*.c))
UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))

.PHONY: all demo check unit flow corpus people weights lint kill fault newsletter-kill soak fuzz bench install uninstall format clean \
  packages build unit-run corpus-check check-run servers install-test
.SECONDARY:
all: $(PROGRAMS) $(B)/share/stadtlabor
	@for program in $(PROGRAMS); do ln -sf $$program .; done

# Other paths or flags than last time: everything is built anew.
FORCE:
$(B)/built-with: FORCE
	@mkdir -p $(@D)
	@echo $(PREFIX) $(SYSCONFDIR) $(ALL_CFLAGS) | cmp -s - $@ || echo $(PREFIX) $(SYSCONFDIR) $(ALL_CFLAGS) >$@

$(B)/%.o: %.c $(B)/built-with
	@mkdir -p $(@D)
	@echo "cc $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The schema and its migrations as C strings.
$(B)/migrations.c: $(SQL) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "daemon/store/migrations.h"'; echo 'const char *const store_migrations[] = {'; \
	  for f in $(SQL); do sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $$f; echo ','; done; echo '};'; } >$@
$(B)/migrations.o: $(B)/migrations.c
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(B)/libstadtlabor.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(B)/bin/%: $(B)/daemon/%.o $(B)/libstadtlabor.a
	@mkdir -p $(@D)
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# The build tree has the shape of an installation: programs find share/ beside bin/.
$(B)/share/stadtlabor: Makefile
	@mkdir -p $@
	@ln -sfn $(CURDIR)/parsers/patterns $@/patterns
	@ln -sfn $(CURDIR)/templates $@/templates
	@touch $@

# A test of parsers/ links parsers and base alone: that proves it pure.
PURE := $(foreach room,$(PURE_ROOMS),$(call objects,$(room)))
$(B)/libpure.a: $(PURE)
	@rm -f $@
	@ar rcs $@ $^
PURE_TESTS := $(foreach t,$(notdir $(basename $(wildcard $(PURE_ROOMS:=/*.c)))),$(B)/tests/unit/test_$(t))
PURE_LIBS := $(shell pkg-config --libs gmime-3.0 libpcre2-8 libxml-2.0 jansson libsodium 2>/dev/null)
$(filter $(PURE_TESTS),$(UNIT_TESTS)): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libpure.a
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PURE_LIBS)
$(filter-out $(PURE_TESTS),$(UNIT_TESTS)): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libstadtlabor.a
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# Helpers of flow tests, written in C.
$(B)/tests/flow/mailbox_probe: $(B)/tests/flow/mailbox_settings.o
$(B)/tests/flow/%: $(B)/tests/flow/%.o $(B)/libstadtlabor.a
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)
$(B)/tests/bench/bench_outbox $(B)/tests/bench/bench_newsletter: $(B)/tests/bench/peer.o
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libstadtlabor.a
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

# Figures, not tests: `make bench` prints them in one table; PARTS=reading for some of them (tests/bench/table.py).
$(B)/tests/bench/bench_reading: $(B)/tests/bench/bench_reading.o $(B)/libpure.a
	@echo "link $@"
	@$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--wrap=pcre2_match_8,--wrap=pcre2_jit_match_8,--wrap=pcre2_jit_compile_8 -o $@ $^ $(PURE_LIBS)

BENCHES := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/bench_*.c))
bench:
	@.ci/packages $(TEST_PACKAGES) isync
	@$(MAKE) --no-print-directory KIND=release all bench-run
bench-run: $(BENCHES)
	@python3 tests/bench/table.py $(B)/tests/bench $(PARTS)

unit:
	@$(MAKE) --no-print-directory KIND=san unit-run
unit-run: $(UNIT_TESTS) $(B)/share/stadtlabor
	@tests/run $(UNIT_TESTS)

# The whole house against private mail servers, under sanitizers.
FLOW_PROBES := $(patsubst %.c,build/san/%,$(wildcard tests/flow/*_probe.c))
flow:
	@$(MAKE) --no-print-directory KIND=san all $(FLOW_PROBES)
	@KIND=san TEST_JOBS=2 tests/run $(sort $(wildcard tests/flow/test_*.py))

# The campaigns: killed, cut off, kept at work; each with a recount at the end. KILLS, FAULTS, MINUTES,
# NEWSLETTER_KILLS, READERS, SEED.
KILLS ?= 500
FAULTS ?= 500
MINUTES ?= 10
SEED ?= 1
kill fault: packages
	@$(MAKE) --no-print-directory KIND=san all
	@KIND=san python3 tests/flow/$@.py --$@s $(if $(filter kill,$@),$(KILLS),$(FAULTS)) --seed $(SEED)
NEWSLETTER_KILLS ?= 120
READERS ?= 2000
newsletter-kill: packages
	@$(MAKE) --no-print-directory KIND=san all
	@KIND=san python3 tests/flow/newsletter_kill.py --kills $(NEWSLETTER_KILLS) --readers $(READERS) --seed $(SEED)
soak: packages
	@$(MAKE) --no-print-directory KIND=release all
	@KIND=release python3 tests/flow/soak.py --minutes $(MINUTES) --seed $(SEED)

# Fifteen mails through private servers, each shown: what came, what was understood, what was answered.
demo: packages
	@$(MAKE) --no-print-directory -j2 all
	@KIND=release python3 tests/flow/demo.py

# libFuzzer on everything that reads bytes from outside; FUZZ_SECONDS each.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SOURCES := $(wildcard $(PURE_ROOMS:=/*.c) daemon/post/template*.c)
fuzz: $(addprefix build/fuzz/,$(FUZZERS)) build/release/share/stadtlabor
	@for f in $(FUZZERS); do mkdir -p build/fuzz/corpus/$$f; \
	  build/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	    build/fuzz/corpus/$$f $(wildcard tests/corpus/dev) 2>&1 | tail -n 4 || exit 1; done
build/fuzz/%: tests/fuzz/%.c $(FUZZ_SOURCES)
	@mkdir -p $(@D)
	@echo "fuzz $@"
	@clang -std=c17 -O1 -g -fsanitize=fuzzer,address,undefined $(CPPFLAGS) -o $@ $< $(FUZZ_SOURCES) $(PURE_LIBS)

# The reader held against labelled mails: the scores, also for other lines of caution; and what `make check`
# asks of each set.
corpus: corpus-check
	@STADTLABOR=$(CURDIR)/$(B)/bin/stadtlabor tests/corpus/check.py --scores
corpus-check: all
	@STADTLABOR=$(CURDIR)/$(B)/bin/stadtlabor tests/run tests/corpus/check.py tests/corpus/people_grammar.py tests/corpus/beside.py \
	  tests/corpus/wishes.py
# Registrations composed of all ways to lay out people's data: which of these, and which two together, fail.
people: all
	@STADTLABOR=$(CURDIR)/$(B)/bin/stadtlabor tests/corpus/people_grammar.py $(or $(PEOPLE),4000) $(or $(SEED),2)

# What words weigh, learned anew from tests/corpus/beside and the labelled mails.
weights: all
	@STADTLABOR=$(CURDIR)/$(B)/bin/stadtlabor tests/corpus/beside.py --learn
	@STADTLABOR=$(CURDIR)/$(B)/bin/stadtlabor tests/corpus/wishes.py --learn

# The parts of `make check` that start servers or look at the tree.
servers:
	@tests/run tests/servers/selftest.py
install-test:
	@tests/run tests/install.sh
lint:
	@mkdir -p $(B)
	@printf '%s\n' -std=c17 $(CPPFLAGS) >$(B)/compile-flags
	@COMPILE_FLAGS=$(B)/compile-flags ROOMS='$(ROOMS)' tests/run $(sort $(wildcard tests/lint/*.sh))

# On a fresh machine pkg-config comes with the packages: hence make within make.
packages:
	@.ci/packages $(TEST_PACKAGES)
check: packages
	@$(MAKE) --no-print-directory check-run
check-run:
	@MAKE='$(MAKE)' tests/check build unit corpus-check flow servers -- install-test lint
build:
	@$(MAKE) --no-print-directory -j2 all
	@$(MAKE) --no-print-directory -j2 KIND=san all $(patsubst %.c,build/san/%,$(wildcard tests/unit/test_*.c tests/flow/*_probe.c))

# PREFIX, SYSCONFDIR, UNITDIR and DESTDIR as usual. A configuration that is there is never touched.
I := $(DESTDIR)$(PREFIX)
CONF := $(DESTDIR)$(SYSCONFDIR)/stadtlabor/stadtlabor.conf
PATHS := sed 's|/usr/local/|$(PREFIX)/|g; s|/etc/stadtlabor|$(SYSCONFDIR)/stadtlabor|g'
install: all
	install -D -m 755 -t $I/bin $(B)/bin/stadtlabor
	install -D -m 755 -t $I/sbin $(B)/bin/stadtlabord
	cd $(B)/share/stadtlabor && find -L . -type f -exec install -D -m 644 {} $I/share/stadtlabor/{} ';'
	install -D -m 644 -t $I/share/stadtlabor/examples config/*
	for page in man/*.*; do install -D -m 644 -t $I/share/man/man$${page##*.} $$page; done
	test -e $(CONF) || install -D -m 644 config/stadtlabor.conf $(CONF)
	install -d $(DESTDIR)$(UNITDIR) $I/lib/sysusers.d $I/lib/tmpfiles.d
	for unit in systemd/*.service systemd/*.timer; do $(PATHS) $$unit >$(DESTDIR)$(UNITDIR)/$${unit##*/}; done
	$(PATHS) systemd/stadtlabor.sysusers >$I/lib/sysusers.d/stadtlabor.conf
	$(PATHS) systemd/stadtlabor.tmpfiles >$I/lib/tmpfiles.d/stadtlabor.conf

# Configuration, secrets and store stay.
uninstall:
	rm -rf $I/share/stadtlabor $I/lib/sysusers.d/stadtlabor.conf $I/lib/tmpfiles.d/stadtlabor.conf
	rm -f $I/bin/stadtlabor $I/sbin/stadtlabord $(patsubst systemd/%,$(DESTDIR)$(UNITDIR)/%,$(wildcard systemd/*.service systemd/*.timer))
	rm -f $(foreach page,$(notdir $(wildcard man/*.*)),$I/share/man/man$(subst .,,$(suffix $(page)))/$(page))

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

clean:
	rm -rf build stadtlabor stadtlabord

-include $(shell find build/$(KIND) -name '*.d' 2>/dev/null)
