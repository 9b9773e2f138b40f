import ArgumentParser
import BundleScoring
import Corrections
import DialogueBundles
import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem
import Presentation
import Tensors
import TextEncoder

/// Reports errors on standard error and remembers the exit code that the worst of them calls for.
struct Failures {
  private(set) var exitCode: ExitCode = .success

  mutating func report(_ error: any Error) {
    let explained = error as? any ExplainedError
    StandardError.write("ambtrain: \(explained?.description ?? "\(error)")\n")
    exitCode = ExitCode(explained?.explanation.kind.exitCode ?? Explanation.Kind.io.exitCode)
  }

  /// Tells what a person should know of a file that can be used.
  static func note(_ notes: [String], of file: String) {
    for note in notes { StandardError.line("ambtrain: \(file): \(note)") }
  }

  /// - Throws: the exit code where something was reported.
  func end() throws {
    if exitCode != .success { throw exitCode }
  }

  /// Runs `body`; an error of ours ends the program with its message and code.
  static func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as any ExplainedError {
      var failures = Failures()
      failures.report(error)
      throw failures.exitCode
    }
  }
}

/// What a person reads while the program works.
enum StandardError {
  static func write(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
  }

  static func line(_ text: String) { write(text + "\n") }

  /// For a run whose progress is written here.
  static var progress: RunProgress {
    RunProgress(
      isTerminal: TerminalSize.isTerminal(STDERR_FILENO),
      width: TerminalSize.columns(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment))
  }
}

/// How this program was called, and by whom it may be stopped.
enum ThisProcess {
  /// The command line to be typed again; without --resume: a result does not depend on how often its making was
  /// interrupted.
  static var command: String {
    let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--resume" }
    return (["ambtrain"] + arguments.map(ShellText.quoted)).joined(separator: " ")
  }

  /// The program's file.
  static var file: URL {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: own ?? CommandLine.arguments[0])
  }

  /// A program beside this one.
  static func sibling(_ name: String) -> URL { file.deletingLastPathComponent().appendingPathComponent(name) }

  /// From here on Ctrl-C stops nothing by itself: it is told by the function given back.
  static func catchInterruption() throws -> () -> Bool {
    let signals = try SignalPipe()
    try signals.catchSignals([SIGINT, SIGTERM])
    return { !signals.drain().isEmpty }
  }
}

/// The encoder of the words of transcripts.
struct EncoderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the encoder for transcripts; by default what AMBQ_ENCODER names, else the installed or fetched one.",
      valueName: "dir"))
  var encoder: String?

  private var folder: URL? { encoder.map { URL(fileURLWithPath: $0) } }

  /// A reader of bundles and transcripts.
  ///
  /// - Parameters:
  ///   - model: the folder of the model that is to read them, which may carry its own tuned encoder.
  ///   - precision: of the encoder.
  func source(
    of model: String? = nil, in precision: Precision = .single, threads: Int = Processor.cores
  ) -> SpokenBundleSource {
    let model = model.map { URL(fileURLWithPath: $0) }
    return SpokenBundleSource(
      IsolatedBundleReader(), encoder: LazyEncoder(folder: folder, model: model, precision: precision), threads: threads
    )
  }

  /// The encoder itself.
  ///
  /// - Throws: `EncoderUnavailable`.
  func loaded() throws -> TextEncoder { try LazyEncoder(folder: folder).loaded() }
}

/// Bundles and transcripts named on the command line, read and checked.
struct BundleFiles {
  let files: [String]
  let readings: [BundleReading]
  /// Each with its file's name.
  let sources: [TrainingData.Source]

  /// - Throws: `BundleError` for the first bad one; `EncoderUnavailable` for a transcript without an encoder.
  ///
  /// - Parameters:
  ///   - model: the folder of the model that is to read them.
  ///   - precision: of the encoder.
  ///   - corrections: what counts before the bundles' own labels.
  init(
    _ files: [String], _ words: EncoderOptions, of model: String? = nil, in precision: Precision = .single,
    corrections: [Correction.Target: Correction]? = nil
  ) throws {
    let reader = words.source(of: model, in: precision)
    self.files = files
    let readings = try files.map { file in
      let reading = try reader.read(URL(fileURLWithPath: file))
      Failures.note(reading.notes, of: file)
      return reading
    }
    self.readings = readings
    let own = zip(files, readings).map { TrainingData.Source(name: $0, bundle: $1.bundle, digest: $1.digest) }
    guard let corrections else {
      sources = own
      return
    }
    let (corrected, use) = TrainingData.Source.corrected(
      own, by: corrections, transcripts: readings.map { $0.transcript != nil })
    StandardError.line(use.line)
    sources = corrected
  }

  /// The bundles as one set of labelled dialogues.
  ///
  /// Transcripts declare no classes: what no line of any of them is labelled with is none.
  ///
  /// - Throws: `TrainingError` where they cannot be joined.
  func trainingData() throws -> TrainingData {
    guard readings.allSatisfy({ $0.transcript != nil }) else { return try TrainingData(joining: sources) }
    let (used, unused) = try TrainingData(joining: TrainingData.sharingClasses(sources)).withoutUnusedClasses
    if !unused.isEmpty {
      StandardError.line("No line is labelled \(unused.joined(separator: ", ")): those are no classes here.")
    }
    return used
  }

  /// Nil where no file is named.
  static func trainingData(
    _ files: [String], _ words: EncoderOptions, corrections: [Correction.Target: Correction]? = nil
  ) throws -> TrainingData? {
    files.isEmpty ? nil : try BundleFiles(files, words, corrections: corrections).trainingData()
  }
}

/// What people have corrected, where it is to be learned from.
struct CorrectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Count what people have corrected before the bundles' own labels: a spool, or its folder of corrections.",
      valueName: "dir"))
  var corrections: String?

  /// The last correction of each utterance; nil where none are to be used.
  ///
  /// - Throws: `StorageError` where there is no such folder, `CorrectionError` for a damaged record.
  func last() throws -> [Correction.Target: Correction]? {
    guard let corrections else { return nil }
    let folder = URL(fileURLWithPath: corrections, isDirectory: true)
    let inside = folder.appendingPathComponent("corrections", isDirectory: true)
    let chosen = FileManager.default.fileExists(atPath: inside.path) ? inside : folder
    guard FileManager.default.fileExists(atPath: chosen.path) else {
      throw StorageError("reading corrections", chosen, code: ENOENT)
    }
    return try CorrectionRecords(chosen).last()
  }
}
