# ambq: who felt what in every conversation that arrives, and how far to believe it.
#
#   make demo       install what is missing, build, run the daemon over real sample bundles, show the results
#   make test       the same set-up, then every test
#   make test-example     builds and runs Examples/ScoreABundle, a package that imports this one
#   make test-export      has Praat and readers from PyPI read every format that ambq export writes
#   make test-pages       opens every kind of page in headless Chromium and looks for what is cut off, too small, too faint
#   make encoder    fetch the text encoder into a cache, for words instead of features
#   make test-sanitizers  the rooms with raw memory under AddressSanitizer, those with threads under ThreadSanitizer
#   make bench    every benchmark in one run, kept as JSON under Benchmarks/results; make bench-compare BASE=file sets two beside each
#                   other; make bench-peers sets ours beside PyTorch and ONNX Runtime
#   make fuzz       each parser under libFuzzer, for SECONDS= each
#   make test-simulation  crashes and faults of the spool, simulated, for SEEDS=; with EXHAUSTIVE=1 all crashes of two bundles
#   make test-powercut    power cuts on a real file system, CUTS= of them, a full disk, a read-only one; as root
#   make test-parallel  shards under GNU parallel, three in ten tasks killed, compared with one machine
#   make test-slurm     the same in an array of Slurm on two virtual nodes, one of which fails; needs root
#   make test-cluster-examples   the files for Snakemake, HyperQueue and Kubernetes, as they stand
#   make soak       the daemon under everything at once, for SECONDS= or HOURS=
#   make install    what is built, with man pages, configuration and the default model, under PREFIX (with DESTDIR)
#   make deb        Debian packages of what is built, in .build/deb, checked by lintian
#   make test-deb   installs them in a bare Debian, scores a file there, upgrades, removes and purges them (as root)
#   make uninstall  remove them; your configuration and your spool stay
#   make model      train the default model again, from etc/data by the recipes in etc/recipes; with MELD=FOLDER, where
#                   train_sent_emo.csv and dev_sent_emo.csv lie, also its model for words
#   make picture    draw docs/show.svg, the picture of the README, again
#   make lint       the format and the man pages

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=

PACKAGES = libopenblas-dev libinotifytools0-dev libhdf5-dev libsqlite3-dev pkg-config libssl-dev zlib1g-dev
BINARIES = ambd ambq ambtrain
MANPAGES = ambq.1 ambd-score.1 ambq-report.5 ambq-transcripts.5 ambtrain.1 ambd.toml.5 dialogue-bundle.5 ambd.8
MODEL = meld-minilm
COMPLETIONS = bash-completion/completions zsh/site-functions fish/vendor_completions.d

# Debug builds leave C unoptimised, and the numeric loops are most of what the tests run. A target imports what it declares.
DEBUG = -Xcc -O2 --explicit-target-dependency-import-check error

# The Swift runtime is linked in, so that what is installed needs no toolchain.
# Addresses are bound at the start and read-only from then on: ambd reads what strangers send.
RELEASE = swift build --configuration release --static-swift-stdlib -Xlinker -z -Xlinker now
BUILT ?= .build/release
# Packaging keeps the symbols, and strips the programs itself.
STRIP ?= -s

BENCH_RESULT = Benchmarks/results/$(shell date -u +%Y-%m-%dT%H%MZ).json

.PHONY: all demo test encoder build-tests test-example test-export test-pages test-sanitizers test-simulation \
  test-powercut test-parallel test-slurm bench bench-compare bench-peers build programs packages model model-of-words \
  fuzz soak install uninstall deb test-deb lint format clean picture test-cluster-examples

all: build

# Installs the Debian packages that are missing, and says so before it does.
packages:
	@etc/packages.sh $(PACKAGES)

build: packages programs

programs:
	$(foreach binary,$(BINARIES),$(RELEASE) --product $(binary) &&) true

demo: build encoder
	@etc/demo.sh $(BUILT)

# Examples of the manuals use jq.
build-tests: packages
	@etc/packages.sh jq
	swift build --build-tests $(DEBUG)

# Fetched once, and said; where it cannot be, the tests that need it are skipped.
encoder:
	@etc/fetch-encoder.sh || echo "Without the text encoder, transcripts and the tests of them are passed over."

test: encoder build-tests
	swift test --skip-build

test-example: packages
	etc/test-example.sh

# Not a part of make test: it needs Praat, Python and what pip fetches.
test-export: build encoder
	etc/test-export.sh $(BUILT)

# Not a part of make test: it needs Chromium, and ends with 69 where there is none.
test-pages: build encoder
	etc/test-pages.sh $(BUILT)

test-sanitizers: packages
	.ci/sanitize address
	.ci/sanitize thread

# Power cuts and failing calls, SEEDS of them; or every crash of two bundles.
test-simulation: packages
	.ci/simulate $(if $(EXHAUSTIVE),exhaustive,$(or $(SEEDS),100000))

# No part of make test: it mounts disks of its own, and says so where it may not.
test-powercut: build encoder
	etc/powercut.sh $(BUILT) $(or $(CUTS),20) $(or $(SEED),1)

# Ten minutes on two cores; figures of a machine that does something else meanwhile tell little.
bench: build encoder
	mkdir -p Benchmarks/results
	env -u OPENBLAS_CORETYPE $(BUILT)/ambtrain bench all --model etc/models/$(MODEL) --json $(BENCH_RESULT) \
	  --commit "$$(git describe --always --dirty 2>/dev/null)"
	@echo "The figures are in $(BENCH_RESULT)."

# BASE= is a run to compare with; NEW= the other one, the latest by default.
bench-compare: build
	$(BUILT)/ambtrain bench compare $(BASE) $(or $(NEW),$(lastword $(sort $(wildcard Benchmarks/results/*.json))))

# Not a part of make test: it needs Python and what pip fetches, some gigabytes.
bench-peers: build encoder
	Benchmarks/peer/run.sh $(BUILT)

# Trained aside, so that an interrupted training leaves the model that ships as it was.
model: build
	rm -rf .build/model
	$(BUILT)/ambtrain train --data etc/data/meld/train.h5 --test etc/data/meld/dev.h5 --config etc/recipes/meld.toml \
	  --out .build/model/$(MODEL)
	$(BUILT)/ambtrain train --data etc/data/meld/train.h5 --config etc/recipes/late-fusion.toml --out .build/model/late-fusion
	$(BUILT)/ambtrain evaluate --model .build/model/late-fusion --data etc/data/meld/dev.h5 --probes --format json \
	  > .build/model/late-fusion.json
	install -m 644 $(addprefix .build/model/$(MODEL)/,MODEL_CARD.md config.json model.safetensors) etc/models/$(MODEL)
	$(if $(MELD),$(MAKE) model-of-words)
	install -m 644 .build/model/late-fusion.json etc/baselines/late-fusion.json

# The default model's own model for words: MELD's sentences belong to others, and are read where MELD= says they lie.
model-of-words: build encoder
	ln -sfn "$(abspath $(MELD))" .build/meld
	rm -rf .build/model/words
	$(BUILT)/ambtrain train --data .build/meld/train_sent_emo.csv --test .build/meld/dev_sent_emo.csv \
	  --config etc/recipes/meld-words.toml --name $(MODEL)-words --out .build/model/words
	install -D -m 644 -t etc/models/$(MODEL)/words \
	  $(addprefix .build/model/words/,MODEL_CARD.md config.json model.safetensors encoder.json encoder.safetensors)

# What libFuzzer makes of the samples, SECONDS for each parser.
fuzz: packages
	.ci/fuzz $(or $(SECONDS),60)

# One machine's results to the byte from many tasks, whatever becomes of them: INPUTS= in SHARDS=.
test-parallel: build encoder
	etc/test-parallel.sh $(BUILT) $(INPUTS) $(SHARDS)

test-slurm: build encoder
	etc/test-slurm.sh $(BUILT) $(INPUTS) $(SHARDS)

# No part of make test: it has pip fetch Snakemake and the schemas of Kubernetes, or says that it cannot.
test-cluster-examples: build encoder
	etc/test-cluster-examples.sh $(BUILT) $(INPUTS) $(SHARDS)

# Everything at once, for SECONDS or HOURS: good and bad files, kills, stops, a deleted index; then every file is accounted for.
soak: build
	etc/soak.sh $(BUILT) $(or $(SECONDS),$(shell echo $$(($(or $(HOURS),1) * 3600))))

# Takes what is built: root needs no compiler.
install:
	@for program in $(BINARIES); do [ -x "$(BUILT)/$$program" ] || { \
	  echo "$(BUILT)/$$program is not built. Run 'make build' first, as yourself; only 'make install' needs root." >&2; \
	  exit 66; }; done
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(SYSCONFDIR)/ambq
	install $(STRIP) -m 755 $(BUILT)/ambd $(DESTDIR)$(PREFIX)/sbin/ambd
	install $(STRIP) -m 755 $(BUILT)/ambq $(BUILT)/ambtrain $(DESTDIR)$(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/share/ambq/samples
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ambq/recipes etc/recipes/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ambq/baselines etc/baselines/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ambq/models/$(MODEL) $(wildcard etc/models/$(MODEL)/*.*)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ambq/models/$(MODEL)/words etc/models/$(MODEL)/words/*
	install -m 644 etc/samples/* $(DESTDIR)$(PREFIX)/share/ambq/samples
	@etc/fetch-encoder.sh $(DESTDIR)$(PREFIX)/share/ambq/encoders/all-MiniLM-L6-v2 || \
	  echo "Installed without the text encoder."
	for page in $(MANPAGES); do \
	  section=$${page##*.}; \
	  install -d $(DESTDIR)$(PREFIX)/share/man/man$$section; \
	  install -m 644 man/$$page $(DESTDIR)$(PREFIX)/share/man/man$$section/$$page; \
	done
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/ambq README.md
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/ambq/docs docs/*
	install -d $(addprefix $(DESTDIR)$(PREFIX)/share/,$(COMPLETIONS))
	for program in $(BINARIES); do \
	  $(BUILT)/$$program --generate-completion-script bash | sed '1{/^#!/d}' > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$program && \
	  $(BUILT)/$$program --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$$program && \
	  $(BUILT)/$$program --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$$program.fish \
	  || exit; \
	done
	etc/install-configuration.sh "$(PREFIX)" "$(DESTDIR)$(SYSCONFDIR)/ambq" "$(MODEL)"
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/sbin/ambd|$(PREFIX)/sbin/ambd|' etc/ambd.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/ambd.service
	install -D -m 644 etc/ambq.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/ambq.conf
	install -D -m 644 etc/ambq.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/ambq.conf

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/ambd $(DESTDIR)$(PREFIX)/bin/ambq $(DESTDIR)$(PREFIX)/bin/ambtrain
	for page in $(MANPAGES); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; done
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/ambd.service
	rm -f $(DESTDIR)$(PREFIX)/lib/sysusers.d/ambq.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/ambq.conf
	for program in $(BINARIES); do \
	  rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$program \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$$program \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$$program.fish; \
	done
	rm -rf $(DESTDIR)$(PREFIX)/share/ambq $(DESTDIR)$(PREFIX)/share/doc/ambq
	@echo "Left in place: $(DESTDIR)$(SYSCONFDIR)/ambq and every spool."

deb: build encoder
	etc/make-deb.sh $(BUILT) .build/deb

test-deb: deb
	etc/test-deb.sh .build/deb

# What ambq show prints, as a picture.
picture: build encoder
	etc/picture.sh $(BUILT)

lint:
	@etc/packages.sh mandoc
	swift format lint --strict --recursive Sources Tests Package.swift
	mandoc -Tlint -W warning man/*.[158]

format:
	swift format --in-place --recursive Sources Tests Package.swift

clean:
	rm -rf .build
