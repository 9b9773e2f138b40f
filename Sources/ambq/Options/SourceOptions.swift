import ArgumentParser

/// Where to look: a spool, an index, or the configuration that names them.
struct SourceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The spool whose index to ask (or $AMBQ_SPOOL).", valueName: "dir"))
  var spool: String?

  @Option(help: ArgumentHelp("The index to ask (or $AMBQ_INDEX).", valueName: "file"))
  var index: String?

  @Option(help: ArgumentHelp("The configuration that names spool and index.", valueName: "file"))
  var config: String?
}
