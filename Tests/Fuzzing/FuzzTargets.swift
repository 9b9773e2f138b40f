import AMBDSGDN
import FeatureImport
import Foundation
import TextEncoder
import Transcripts
import TypedSettings

/// The parsers of ours that take bytes from others, by name: what libFuzzer sends them must end in a value or an error.
///
/// Not here: bundles, whose parser is libhdf5 in a process of its own (`MutationTests` feeds that).
enum FuzzTarget: String, CaseIterable {
  case transcript, safetensors, configuration, encoder, pickle, torch, numpy, npz, table, toml

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
    }
  }

  /// The bytes as a file, for parsers that read none but files.
  private static func file(_ bytes: [UInt8]) throws -> URL {
    let url = URL(fileURLWithPath: "/dev/shm/ambq-fuzz-\(getpid())")
    try Data(bytes).write(to: url)
    return url
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
