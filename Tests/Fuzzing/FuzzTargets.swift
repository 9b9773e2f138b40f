import AMBDSGDN
import DialogueBundles
import FeatureImport
import Foundation
import ResultIndex
import Synchronization
import TextEncoder
import Transcripts
import TypedSettings

/// The parsers of ours that take bytes from others, by name: what libFuzzer sends them must end in a value or an error.
///
/// Bundles go through the isolated reader as the daemon's do: libhdf5 is in a process of its own, and may crash there.
enum FuzzTarget: String, CaseIterable {
  case transcript, safetensors, configuration, encoder, pickle, torch, numpy, npz, table, toml, time, bundle

  /// The parser that `AMBQ_FUZZ_TARGET` names.
  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["AMBQ_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      fatalError("AMBQ_FUZZ_TARGET is one of \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
  }()

  /// Parses the bytes; errors are what is expected of most of them.
  func parse(_ bytes: [UInt8]) throws {
    switch self {
    case .transcript:
      // The first byte chooses the extension, which is a hint to the reader.
      let endings = ["vtt", "srt", "json", "eaf", "TextGrid", "cha", "csv", "tsv", "txt"]
      let name = "talk." + endings[Int(bytes.first ?? 0) % endings.count]
      _ = try TranscriptReader.read(Data(bytes.dropFirst()), name: name)
    case .configuration: _ = try ModelConfiguration(json: Data(bytes), file: "config.json")
    case .encoder: _ = try EncoderConfiguration(json: Data(bytes), file: "config.json")
    case .pickle: _ = try FeaturePickleImport(bytes, location: "features.pkl")
    case .torch: _ = try TorchArchive.tensors(bytes, location: "weights.pt")
    case .numpy: _ = try NumpyFile.read(bytes[...], location: "a.npy")
    case .npz:
      let archive = try NumpyArchive(bytes, location: "a.npz")
      for name in archive.names.prefix(4) { _ = try archive.array(named: name) }
    case .table: _ = try UtteranceTable(DelimitedTable(bytes, location: "talk.csv"))
    case .safetensors: _ = try SafetensorsFile(Self.file(bytes))
    case .toml: _ = try SettingsFile(Self.file(bytes), keys: FuzzedSettings.keys)
    case .time:
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = TimeZone(identifier: "Europe/Berlin") ?? .gmt
      let text = String(decoding: bytes, as: UTF8.self)
      _ = TimeExpression(text, now: Date(timeIntervalSince1970: 1_774_746_000), calendar: calendar)
    case .bundle: try IsolatedBundles.shared.read(Self.file(bytes, ending: ".h5"))
    }
  }

  /// The bytes as a file, for parsers that read none but files.
  private static func file(_ bytes: [UInt8], ending: String = "") throws -> URL {
    let url = URL(fileURLWithPath: "/dev/shm/ambq-fuzz-\(getpid())\(ending)")
    try Data(bytes).write(to: url)
    return url
  }
}

/// Reads bundles in children of `bundle-reader`, which `AMBQ_FUZZ_READER` names, and counts how they end.
final class IsolatedBundles: Sendable {
  static let shared = IsolatedBundles()

  private let reader: IsolatedBundleReader
  private let counts = Mutex<[String: Int]>([:])

  private init() {
    let environment = ProcessInfo.processInfo.environment
    var limits = IsolatedBundleReader.Limits()
    // A zero in the wrong place sends the library round in circles.
    limits.processorSeconds = 1
    reader = IsolatedBundleReader(
      executable: URL(fileURLWithPath: environment["AMBQ_FUZZ_READER"] ?? ".build/debug/bundle-reader"), limits: limits)
  }

  /// Reads one file; a child that cannot be started, or that answers nonsense, is a finding.
  func read(_ file: URL) throws {
    let outcome: String
    do {
      _ = try reader.read(file)
      outcome = "read"
    } catch let error as BundleError {
      outcome = "\(error.fault)"
      precondition(![.readerUnavailable, .readerGarbled].contains(error.fault), "\(error)")
    }
    let counts = counts.withLock { counts in
      counts[outcome, default: 0] += 1
      return counts
    }
    let total = counts.values.reduce(0, +)
    guard total % 1000 == 0 else { return }
    let words = counts.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }
    FileHandle.standardError.write(Data("OUTCOMES \(total) files: \(words.joined(separator: ", "))\n".utf8))
  }
}

/// Some settings of every kind.
struct FuzzedSettings {
  var count = 1
  var number = 1.0
  var flag = false

  static let keys = SettingTable<FuzzedSettings>(
    of: "configuration", listedIn: "nothing", namedBy: "nothing",
    keys: [
      .count("a.count", \.count, in: 0...9), .number("number", \.number, in: 0...1), .flag("a.flag", \.flag),
    ])
}
