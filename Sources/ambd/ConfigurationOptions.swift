import ArgumentParser

/// Settings that the daemon and `ambd score` have in common.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The model directory.", valueName: "folder"))
  var model: String?

  @Option(help: ArgumentHelp("debug, info, notice, warning or error.", valueName: "level"))
  var logLevel: String?

  @Option(help: ArgumentHelp("text, logfmt or json.", valueName: "format"))
  var logFormat: String?

  @Option(help: ArgumentHelp("Threads for the arithmetic; 0 for all processors.", valueName: "count"))
  var threads: String?

  @Option(help: ArgumentHelp("Any key of ambd.toml(5), as in watch.mode=poll. Repeatable.", valueName: "key=value"))
  var set: [String] = []

  func validate() throws {
    guard let wrong = set.first(where: { !$0.contains("=") }) else { return }
    throw ValidationError("--set takes key=value, as in watch.mode=poll; found \"\(wrong)\".")
  }

  /// Values of the command line, by key.
  var overrides: [String: String] {
    let named = ["model": model, "log.level": logLevel, "log.format": logFormat, "scoring.threads": threads]
    let pairs = set.map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    // A flag of its own goes over --set; of several --set the last one counts.
    return Dictionary(pairs) { $1 }.merging(named.compactMapValues(\.self)) { $1 }
  }
}
