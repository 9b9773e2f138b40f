import DialogueDomain

/// Faults of content: values that contradict each other or the format.
extension BundleError {
  static var noModality: BundleError {
    BundleError(
      .noModality, "the bundle holds no features", found: "none of /text, /visual, /audio", expected: "at least one",
      remedy: "Add the features of a modality.")
  }

  static var noDialogues: BundleError {
    BundleError(
      .noDialogues, "the bundle holds no dialogues", at: "/dialogue/id", found: "0 rows", expected: "at least one",
      remedy: "Leave empty bundles out.")
  }

  static func emptyDialogue(_ id: String, row: Int) -> BundleError {
    BundleError(
      .emptyDialogue, "dialogue \"\(id)\" has no utterances", at: "/dialogue/offset row \(row + 1)",
      found: "the same value as in row \(row)", expected: "a larger value",
      remedy: "Leave dialogues without utterances out.")
  }

  static func offsetsNotFromZero(found: Int64) -> BundleError {
    BundleError(
      .offsetsNotFromZero, "the dialogues do not start at the first utterance", at: "/dialogue/offset row 0",
      found: "\(found)", expected: "0", remedy: "The offsets are 0, then the running sum of the dialogues' lengths.")
  }

  static func offsetsNotMonotone(row: Int, found: Int64, previous: Int64) -> BundleError {
    BundleError(
      .offsetsNotMonotone, "the offsets do not rise", at: "/dialogue/offset row \(row)",
      found: "\(found) after \(previous)", expected: "more than \(previous)",
      remedy: "The offsets are 0, then the running sum of the dialogues' lengths.")
  }

  static func offsetsNotCovering(row: Int, found: Int64, utterances: Int) -> BundleError {
    BundleError(
      .offsetsNotCovering, "the dialogues do not cover the utterances", at: "/dialogue/offset row \(row)",
      found: "\(found)", expected: "\(utterances), the number of utterances in /speaker",
      remedy: "The last offset is the number of utterances.")
  }

  static func lengthsDisagree(at path: String, found: Int, expected: Int, of other: String) -> BundleError {
    BundleError(
      .lengthsDisagree, "the lengths disagree", at: path, found: "\(found) rows", expected: "\(expected), \(other)",
      remedy: "Write one row per utterance in every table.")
  }

  /// A matrix written column-major, as MATLAB and Julia do: rows and columns have changed places.
  static func transposed(at path: String, found: [Int], expected: Int) -> BundleError {
    BundleError(
      .lengthsDisagree, "the matrix is transposed", at: path, found: "\(found[0]) × \(found[1])",
      expected: "\(expected) rows, one an utterance of /speaker",
      remedy: "Write it transposed: MATLAB and Julia store the first dimension last.")
  }

  static func notFinite(at path: String, row: Int, column: Int, found: Float) -> BundleError {
    BundleError(
      .notFinite, "a feature is not a finite number", at: "\(path) row \(row) column \(column)",
      found: found.isNaN
        ? "NaN" : found < 0 ? "-Inf, or a value below what 32 bits hold" : "Inf, or a value above what 32 bits hold",
      expected: "a finite number, or NaN in the whole row where the utterance lacks this modality",
      remedy: "Mend the extractor's output, or fill the row with NaN.")
  }

  static func duplicateDialogue(_ id: String, row: Int, first: Int) -> BundleError {
    BundleError(
      .duplicateDialogue, "two dialogues have the same id", at: "/dialogue/id row \(row)",
      found: "\"\(id)\", as in row \(first)",
      expected: "an id of its own for each dialogue", remedy: "Rename one of them.")
  }

  static func duplicateUtterance(_ id: String, dialogue: String, row: Int, first: Int) -> BundleError {
    BundleError(
      .duplicateUtterance, "two utterances of dialogue \"\(dialogue)\" have the same id",
      at: "/utterance/id row \(row)",
      found: "\"\(id)\", as in row \(first)", expected: "ids that differ within a dialogue",
      remedy: "Rename one of them.")
  }

  static func emptyName(at place: String) -> BundleError {
    BundleError(
      .emptyName, "a name is empty", at: place, found: "\"\"", expected: "at least one character",
      remedy: "Name it, for example \"unknown\".")
  }

  static func longName(at place: String, bytes: Int) -> BundleError {
    BundleError(
      .longName, "a name is too long", at: place, found: "\(bytes) bytes",
      expected: "at most \(BundleFormat.longestName) bytes", remedy: "Shorten it.")
  }

  static func controlCharacter(_ scalar: Unicode.Scalar, at place: String) -> BundleError {
    let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    return BundleError(
      .controlCharacter, "a name holds a control character, which would break the label files", at: place,
      found: "U+\(code)", expected: "printable text", remedy: "Remove tabs and line breaks from names.")
  }

  static func invalidUTF8(at place: String) -> BundleError {
    BundleError(
      .invalidUTF8, "a name is not valid UTF-8", at: place, expected: "UTF-8 text",
      remedy: "Write names as UTF-8 strings.")
  }

  static var labelsWithoutEmotions: BundleError {
    BundleError(
      .labelsWithoutEmotions, "there are labels, but nothing says which emotions they stand for", at: "/label",
      found: "no attribute `emotions` of the root", expected: "the class names, in class order",
      remedy: "Set the string attribute `emotions`.")
  }

  static func labelOutsideClasses(row: Int, found: Int64, classes: Int) -> BundleError {
    BundleError(
      .labelOutsideClasses, "a label is outside the classes", at: "/label row \(row)", found: "\(found)",
      expected: "0 to \(classes - 1), or -1 where unknown", remedy: "Mend the label, or the attribute `emotions`.")
  }

  static var noEmotions: BundleError {
    BundleError(
      .noEmotions, "the list of emotions is empty", at: "/ attribute `emotions`", found: "0 names",
      expected: "at least one", remedy: "Name the classes, or remove the attribute.")
  }

  static func duplicateEmotion(_ name: String, first: Int, second: Int) -> BundleError {
    BundleError(
      .duplicateEmotion, "two emotions have the same name", at: "/ attribute `emotions`",
      found: "\"\(name)\" as class \(first) and class \(second)", expected: "names that differ",
      remedy: "Rename one of them.")
  }

  static func wrongTime(at path: String, row: Int, found: String, expected: String) -> BundleError {
    BundleError(
      .wrongTime, "a time is wrong", at: "\(path) row \(row)", found: found, expected: expected,
      remedy: "Mend the times, or write NaN in both where they are unknown.")
  }

  static func beyondHalfPrecision(at place: String, found: Float) -> BundleError {
    BundleError(
      .beyondHalfPrecision, "a feature is too large for 16 bits", at: place, found: "\(found)",
      expected: "a magnitude of at most 65504", remedy: "Write this modality in single precision.")
  }
}

/// Faults of structure: what lies where, in which type and shape.
extension BundleError {
  static func externalLink(at path: String) -> BundleError {
    outside(.externalLink, "links to other files are not followed", at: path, found: "an external or user-defined link")
  }

  static func externalStorage(at path: String) -> BundleError {
    outside(.externalStorage, "data kept in other files are not read", at: path, found: "external storage")
  }

  static func virtualDataset(at path: String) -> BundleError {
    outside(
      .virtualDataset, "virtual datasets are not read", at: path, found: "a view of other datasets",
      remedy: "Write the values themselves.")
  }

  static func brokenLink(at path: String) -> BundleError {
    outside(
      .brokenLink, "the link leads to nothing in this file", at: path, found: "a link without a target",
      remedy: "Remove the link, or write the data in its place.")
  }

  /// Data that do not lie in the bundle itself.
  private static func outside(
    _ fault: Fault, _ what: String, at path: String, found: String,
    remedy: String = "Copy the data into the bundle, for example with h5repack."
  ) -> BundleError {
    BundleError(fault, what, at: path, found: found, expected: "data within the bundle", remedy: remedy)
  }

  static func unknownFilter(at path: String, filter: String) -> BundleError {
    BundleError(
      .unknownFilter, "the data use a filter that a bundle may not use", at: path, found: filter,
      expected: "deflate (gzip), shuffle, fletcher32, szip, nbit or scaleoffset", remedy: "Write with gzip, or without."
    )
  }

  static var notABundle: BundleError {
    BundleError(
      .notABundle, "the file does not say that it is a dialogue feature bundle", at: "/",
      found: "no attribute `format`",
      expected: "`format` = \"\(BundleFormat.name)\"", remedy: "Set the attributes `format` and `version` of the root.")
  }

  static func unknownFormat(found: String) -> BundleError {
    BundleError(
      .unknownFormat, "the file is of another format", at: "/ attribute `format`", found: "\"\(found)\"",
      expected: "\"\(BundleFormat.name)\"", remedy: "Write the features in the format of dialogue-bundle(5).")
  }

  static var missingVersion: BundleError {
    BundleError(
      .missingVersion, "the file does not say which version of the format it has", at: "/",
      found: "no attribute `version`", expected: "`version` = \(BundleFormat.version)",
      remedy: "Set the integer attribute `version` of the root.")
  }

  static func unknownVersion(found: Int64) -> BundleError {
    BundleError(
      .unknownVersion, "this version of the format is not known", at: "/ attribute `version`", found: "\(found)",
      expected: "\(BundleFormat.version)",
      remedy: found > BundleFormat.version ? "Use a newer program, or write version 1." : "Write version 1.")
  }

  static func missingDataset(_ path: String, holding content: String) -> BundleError {
    BundleError(
      .missingDataset, "\(path) is missing", at: path, found: "nothing", expected: content,
      remedy: "Add it; dialogue-bundle(5) describes it.")
  }

  static func wrongShape(at path: String, found: String, expected: String) -> BundleError {
    BundleError(
      .wrongShape, "the shape is wrong", at: path, found: found, expected: expected, remedy: "Reshape it.")
  }

  static func wrongType(at path: String, found: String, expected: String) -> BundleError {
    BundleError(
      .wrongType, "the data type is wrong", at: path, found: found, expected: expected,
      remedy: "Convert it before writing.")
  }
}
