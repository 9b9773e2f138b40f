import ArgumentParser
import Presentation

/// How results are written: the value of `--format`.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case json
  case jsonl
  case csv
  case tsv
}

extension ColourChoice: ExpressibleByArgument {}
