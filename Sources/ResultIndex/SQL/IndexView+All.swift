extension IndexView {
  /// Every view, as ambq(1) lists them.
  public static let all = [
    utterances, probabilities, dialogues, bundles, aliases, failures, corrections, probes, models,
  ]

  private static let bundleAndModel = "JOIN model m ON m.id = b.model"

  /// What tells the scoring that a row is of.
  private static let scoring: [Column] = [
    Column("bundle", .text, "b.name", "file name of the bundle"),
    Column("bundle_title", .text, "b.title", "the name, told apart from other bundles of that name"),
    Column("bundle_digest", .text, "b.digest", "SHA-256 of the bundle"),
    Column("model", .text, "m.name", "name of the model"),
    Column("model_digest", .text, "m.digest", "SHA-256 of the model"),
    Column("current", .flag, "b.current", "0 for a superseded scoring"),
    Column("scored", .time, "b.scored", "when the bundle was scored"),
  ]

  private static let utterances = IndexView(
    "utterances", "an utterance with its label",
    [
      Column("id", .integer, "u.id", "number of the row in this index"),
      Column("dialogue", .text, "d.name", "name of the dialogue"),
      Column("utterance", .text, "u.name", "id of the utterance"),
      Column("turn", .integer, "u.turn", "position in the dialogue, from 0"),
      Column("speaker", .text, "s.name", "name of the speaker"),
      Column("start", .number, "u.starts", "seconds from the start of the recording"),
      Column("end", .number, "u.ends", "seconds from the start of the recording"),
      Column("emotion", .text, "e.name", "the label"),
      Column("confidence", .number, confidence, "its probability; null without a label"),
      Column("certain", .flag, "NOT u.uncertain", "whether the model calls the label certain; null without a limit"),
      Column("label_set", .text, labelSet, "the emotions that cannot be ruled out, with commas"),
      Column("truth", .text, "t.name", "the true emotion: the last correction, else the bundle's own label"),
      Column("corrected_by", .text, "c.person", "who corrected it so"),
      Column("corrected_at", .time, "c.time", "when they said so"),
      Column("text_share", .number, "u.text_share", "what text brought to the label"),
      Column("visual_share", .number, "u.visual_share", "what visual brought"),
      Column("audio_share", .number, "u.audio_share", "what audio brought"),
      Column("margin", .number, "u.margin", "smallest shift of fusion weight that changes the label"),
      Column("stability", .number, "u.stability", "share of noisy runs that keep the label"),
      Column(
        "text", .text, "CASE WHEN b.worded THEN (SELECT text FROM words WHERE rowid = u.id) END",
        "the words, where they are kept"),
    ] + scoring,
    from: """
      utterance u JOIN bundle b ON b.id = u.bundle \(bundleAndModel) JOIN dialogue d ON d.id = u.dialogue \
      JOIN speaker s ON s.id = u.speaker JOIN emotion e ON e.id = u.emotion LEFT JOIN emotion t ON t.id = u.truth \
      LEFT JOIN correction c ON c.id = u.correction
      """)

  /// As `IndexedUtterance.labelConfidence`.
  private static let confidence = """
    CASE WHEN e.name = 'unknown' AND coalesce(u.text_share, u.visual_share, u.audio_share) IS NULL THEN NULL \
    ELSE u.confidence END
    """

  /// As `ClassBits`.
  private static let labelSet =
    "(SELECT group_concat(value, ',') FROM json_each(m.emotions) WHERE (u.label_set >> key) & 1)"

  private static let corrections = IndexView(
    "corrections", "what a person said was felt, superseded words too",
    [
      Column("bundle_digest", .text, "c.digest", "SHA-256 of the bundle"),
      Column("dialogue", .text, "c.dialogue", "name of the dialogue"),
      Column("utterance", .text, "c.utterance", "id of the utterance"),
      Column("emotion", .text, "e.name", "what was felt; null where earlier corrections are withdrawn"),
      Column("by", .text, "c.person", "who says so, by their own word"),
      Column("at", .time, "c.time", "when they said so"),
      Column("account", .text, "c.account", "the user of the system whose file it came in"),
      Column("taken", .time, "c.taken", "when the daemon took it"),
      Column("last", .flag, isLast, "0 for one that a later one supersedes"),
    ],
    from: "correction c LEFT JOIN emotion e ON e.id = c.emotion", isOfBundles: false)

  /// As `CorrectionInsertion` chooses.
  private static let isLast = """
    c.id = (SELECT l.id FROM correction l WHERE l.digest = c.digest AND l.dialogue = c.dialogue \
    AND l.utterance = c.utterance ORDER BY l.time DESC, l.file DESC, l.line DESC LIMIT 1)
    """

  private static let probabilities = IndexView(
    "probabilities", "an emotion of an utterance",
    [
      Column("utterance_id", .integer, "u.id", "id of utterances"),
      Column("dialogue", .text, "d.name", "name of the dialogue"),
      Column("utterance", .text, "u.name", "id of the utterance"),
      Column("emotion", .text, "k.value", "one of the model's emotions"),
      Column("probability", .number, "\(FloatFunction.name)(u.probabilities, k.key)", "its probability"),
      Column("text_logit", .number, "\(FloatFunction.name)(u.text_logits, k.key)", "text's logit before fusion"),
      Column("visual_logit", .number, "\(FloatFunction.name)(u.visual_logits, k.key)", "visual's"),
      Column("audio_logit", .number, "\(FloatFunction.name)(u.audio_logits, k.key)", "audio's"),
    ],
    from: """
      utterance u JOIN bundle b ON b.id = u.bundle \(bundleAndModel) JOIN dialogue d ON d.id = u.dialogue \
      JOIN json_each(m.emotions) k
      """)

  private static let dialogues = IndexView(
    "dialogues", "a dialogue of a bundle",
    [
      Column("id", .integer, "d.id", "number of the row in this index"),
      Column("dialogue", .text, "d.name", "name of the dialogue"),
      Column("utterances", .integer, ofDialogue("count(*)"), "how many it has"),
      Column("speakers", .integer, ofDialogue("count(DISTINCT u.speaker)"), "of how many"),
      Column("start", .number, ofDialogue("min(u.starts)"), "where the first utterance begins, in seconds"),
      Column("end", .number, ofDialogue("max(u.ends)"), "where the last one ends"),
      Column("stability", .number, "d.stability", "mean over the utterances that have one"),
      Column("probed", .integer, "d.probed", "how many those are"),
    ] + scoring, from: "dialogue d JOIN bundle b ON b.id = d.bundle \(bundleAndModel)")

  private static func ofDialogue(_ value: String) -> String {
    "(SELECT \(value) FROM utterance u WHERE u.dialogue = d.id)"
  }

  private static let bundles = IndexView(
    "bundles", "a scored bundle",
    scoring + [
      Column("dialogues", .integer, "b.dialogues", "how many it has"),
      Column("utterances", .integer, "b.utterances", "how many it has"),
      Column("labelled", .integer, "b.labelled", "utterances with a label of the bundle's own"),
      Column("arrived", .time, "b.arrived", "when the daemon saw it"),
      Column("seconds", .number, "b.seconds", "time spent on reading and scoring"),
      Column("bytes", .integer, "b.byte_count", "size of the file"),
      Column("label_file", .text, "b.label_file", "where its labels lie, relative to the spool"),
      Column("unknown_words", .number, "b.unknown_words", "share of word pieces that the text encoder does not know"),
    ], from: "bundle b \(bundleAndModel)")

  private static let aliases = IndexView(
    "aliases", "a further name under which a bundle's bytes arrived",
    [
      Column("bundle_digest", .text, "a.digest", "SHA-256 of the bundle"),
      Column("name", .text, "a.name", "that file name"),
    ], from: "alias a", isOfBundles: false)

  private static let failures = IndexView(
    "failures", "a bundle that could not be scored",
    [
      Column("bundle", .text, "f.name", "file name of the bundle"),
      Column("bundle_digest", .text, "f.digest", "SHA-256, where the file could be read"),
      Column("state", .text, "f.state", "failed or deferred"),
      Column("resolved", .flag, "f.resolved", "1 for a settled one"),
      Column("time", .time, "f.time", "when it failed"),
    ]
      + [
        ("kind", "data, io, usage or missing-input"), ("what", "what is wrong"),
        ("location", "the file and the place within it"), ("found", "what was there"), ("expected", "what should be"),
        ("remedy", "what to do about it"),
      ].map { Column($0.0, .text, "json_extract(f.explanation, '$.\($0.0)')", $0.1) },
    from: "failure f", isOfBundles: false)

  private static let probes = IndexView(
    "probes", "a probe of a bundle",
    scoring + [
      Column("state", .text, "p.state", "pending, done or skipped"),
      Column("reason", .text, "p.reason", "why it was skipped"),
      Column("time", .time, "p.time", "when it got into that state"),
      Column("seconds", .number, "p.seconds", "what it took"),
      Column("plan", .text, "p.plan", "what was to be probed, as JSON"),
      Column("file", .text, "p.file", "where the bundle lies, relative to the spool"),
    ], from: "probe p JOIN bundle b ON b.id = p.bundle \(bundleAndModel)")

  private static let models = IndexView(
    "models", "a model that has scored a bundle",
    [
      Column("model", .text, "m.name", "name of the model"),
      Column("model_digest", .text, "m.digest", "SHA-256 of the model"),
      Column("emotions", .text, "m.emotions", "its emotions in order, as a JSON array"),
      Column(
        "training_labels", .text, "m.training_labels", "how often each was the truth in training, as a JSON array"),
      Column("promise", .text, "m.promise", "what it promises of its doubt, as JSON"),
      Column(
        "bundles", .integer, "(SELECT count(*) FROM bundle b WHERE b.model = m.id AND b.current)",
        "how many current scorings it made"),
    ], from: "model m", isOfBundles: false)
}
