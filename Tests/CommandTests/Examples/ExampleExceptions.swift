/// What a test cannot do with an example as it stands, and why.
enum ExampleException: Sendable {
  /// It is not run, for this reason.
  case notRun(String)
  /// It goes on until somebody ends it: the test does, once `condition` holds, a command that looks at what has been printed
  /// into the file `told`. Meanwhile a bundle arrives.
  case endless(until: String)
  /// It is no command but what a file holds: it is written into one, which a command then checks.
  case content(of: String, checkedBy: String)
}

extension ExampleException {
  /// A configuration; spool and model, which are of other machines, are those of the folder.
  private static let configuration = ExampleException.content(
    of: "example.toml", checkedBy: "ambd --config example.toml --spool spool --model etc/models/meld-minilm --check")

  /// By file, then by an example's first line.
  static let all: [String: [String: ExampleException]] = [
    "README.md": [
      "make demo   # installs the Debian packages it needs, builds, runs the real daemon over real samples, shows the results":
        .notRun("it builds; .ci/run runs both commands")
    ],
    "docs/HOWTO.md": [
      "ambtrain import features IEMOCAP_features.pkl --out iemocap --audio-extractor opensmile-is10/1582": .notRun(
        "it needs the published features; AmbtrainImportTests run it on files laid out like them"),
      "ambtrain reproduce ablation --quick --out results": .notRun("it takes a minute; AmbtrainReproduceTests run it"),
      "make deb                                    # .build/deb/*.deb": .notRun(
        "it builds and installs packages; make test-deb runs it"),
      "make build encoder                          # as yourself": .notRun("it builds, and installs for systemd"),
    ],
    "docs/TUTORIAL.md": ["make build encoder": .notRun("it builds")],
    "docs/MEASURED.md": [
      "ambtrain train --data etc/data/meld/train.h5 --test etc/data/meld/dev.h5 --config recipe.toml --seeds 5 --out models":
        .notRun("it trains for minutes"),
      "ambtrain train --data etc/data/meld/train.h5 --test etc/data/meld/dev.h5 --config recipe.toml --seed 1 --out m  # and the options below":
        .notRun("it trains for minutes"),
      "ambtrain train --data train_sent_emo.csv --test dev_sent_emo.csv --config recipe.toml --tune-encoder --ensemble 5 --out m":
        .notRun("it needs MELD's sentences, and trains for minutes"),
    ],
    "docs/NOTEBOOK.md": [
      "export AMBQ_TOKEN=$(openssl rand -hex 16)   # for the notebook; the printed address has it, too":
        .endless(until: "grep -q http: told"),
      "ambq serve --socket ~/ambq.sock": .endless(until: "test -S ~/ambq.sock"),
    ],
    "docs/SCALE.md": [
      "find bundles -name '*.h5' -exec sha256sum {} + > inputs.sha256      # once; in parallel where there are many":
        .notRun(
          "it needs Slurm; make test-slurm runs it")
    ],
    "man/ambd-score.1": [
      "find bundles -name '*.h5' -exec sha256sum {} + > inputs.sha256": .notRun(
        "it needs Slurm; make test-slurm runs it")
    ],
    "man/ambd.toml.5": [
      "[notify]": configuration,
      "[Service]": .notRun("it is a unit of systemd"),
      "spool = \"/srv/lab/spool\"": configuration,
      "spool = \"/mnt/lab/spool\"": configuration,
      "[report]": configuration,
    ],
    "man/ambq-transcripts.5": [
      "WEBVTT": .content(of: "call.vtt", checkedBy: "ambtrain check call.vtt"),
      "speaker,start,end,text": .content(of: "call.csv", checkedBy: "ambtrain check call.csv"),
      "notes.json: the JSON is of a program that is not known; found an object with": .notRun("it is a message"),
    ],
    "man/ambq.1": [
      "ambq follow --emotion anger --min-confidence 0.8": .endless(until: "grep -q friday.h5 told"),
      "ambq follow --lines 0 --format jsonl | ./react": .endless(until: "grep -q friday.h5 reacted"),
    ],
    "man/ambtrain.1": [
      "ambtrain reproduce table-4 --quick --out results": .notRun("it takes a minute; AmbtrainReproduceTests run it"),
      "ambtrain reproduce ablation --data train.h5 --validation dev.h5 --test test.h5 --out results": .notRun(
        "it takes hours; AmbtrainReproduceTests run it on less"),
    ],
    "man/dialogue-bundle.5": [
      "import os": .notRun("it is Python, and needs h5py"),
      "friday.h5: /text row 12 column 3: a feature is not a finite number; found NaN;": .notRun("it is a message"),
    ],
  ]

  static func of(_ example: DocumentedExample) -> ExampleException? { all[example.file]?[example.firstLine] }
}
