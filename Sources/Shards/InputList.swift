import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem

/// A file to score, as a list of inputs names it.
public struct ShardInput: Sendable, Hashable {
  /// As the list has it.
  public let path: String
  /// Where it lies.
  public let url: URL
  /// SHA-256 of its bytes, by the list; what is read must have it.
  public let digest: String
  /// What labels, index and messages call it: the last part of its path.
  public let name: BundleName

  /// A file of a list.
  ///
  /// - Parameter folder: what a relative path starts from.
  public init(path: String, in folder: URL, digest: String) {
    self.path = path
    url = Self.url(path, in: folder)
    self.digest = digest
    name = BundleName(FileName(url.lastPathComponent))
  }

  static func url(_ path: String, in folder: URL) -> URL {
    path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path, isDirectory: false)
  }

  /// By the bytes of the name, then by content: the order in which merged results stand.
  static func precedes(_ left: ShardInput, _ right: ShardInput) -> Bool {
    for (a, b) in [(left.name.text, right.name.text), (left.digest, right.digest)] where a != b {
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    return left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
  }
}

/// One shard's inputs out of a list of all.
///
/// A list is a text file as `sha256sum` writes it, a line a file: the digest, two spaces, the path. A line may have the path
/// alone, and a folder may stand in place of the list: each task then reads every file to know its digest. Paths are relative
/// to the list's own folder.
public struct InputList: Sendable {
  /// The shard's inputs by name, then by content; of files with equal bytes the first.
  public private(set) var inputs: [ShardInput] = []
  /// Further names of the same bytes, by digest.
  public private(set) var aliases: [String: [String]] = [:]
  /// Tells this list of all inputs from another, whatever the order of its lines.
  public private(set) var fingerprint = ""
  /// Files in the whole list.
  public private(set) var count = 0

  /// Reads a list, or lists a folder and those below it.
  ///
  /// - Throws: `ShardError` where it is no list of inputs, or empty; `StorageError` where it cannot be read.
  public init(_ manifest: URL, shard: Shard) throws {
    var status = stat()
    guard stat(manifest.path, &status) == 0 else {
      throw ShardError(
        .missingInput, "there is no list of inputs here", at: manifest.path, remedy: "Name a file or a folder.")
    }
    var sum: UInt64 = 0
    var own: [ShardInput] = []
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let lines = isFolder ? Lines.folder(try FolderInputs.paths(in: manifest)) : Lines.file(try FileLines(manifest))
    let base = isFolder ? manifest : manifest.deletingLastPathComponent()
    var reader = LineReader(lines: lines, name: manifest.path)
    while let (path, stated) = try reader.next() {
      count += 1
      let digest = try stated ?? FileDigest.sha256(contentsOf: ShardInput.url(path, in: base))
      sum &+= Fingerprint.number(of: "\(digest) \(path)")
      if shard.holds(digest: digest) { own.append(ShardInput(path: path, in: base, digest: digest)) }
    }
    guard count > 0 else {
      throw ShardError(
        .data, "the list of inputs is empty", at: manifest.path,
        remedy: "Make one with: find FOLDER -name '*.h5' -exec sha256sum {} + > inputs.sha256")
    }
    fingerprint = Fingerprint.text("\(count) \(sum)")
    own.sort(by: ShardInput.precedes)
    var first: [String: String] = [:]
    for input in own {
      guard let name = first[input.digest] else {
        first[input.digest] = input.name.text
        inputs.append(input)
        continue
      }
      if name != input.name.text { aliases[input.digest, default: []].append(input.name.text) }
    }
  }

  /// Tells this shard's inputs from others.
  public var shardFingerprint: String {
    let sum = inputs.reduce(into: UInt64(0)) { sum, input in
      sum &+= Fingerprint.number(of: "\(input.digest) \(input.path) \(aliases[input.digest, default: []])")
    }
    return Fingerprint.text("\(inputs.count) \(sum)")
  }
}

/// Where the lines of a list come from.
private enum Lines {
  case file(FileLines)
  case folder([String])
}

/// Takes a list line by line.
private struct LineReader {
  private let lines: Lines
  private let name: String
  private var number = 0

  init(lines: Lines, name: String) {
    self.lines = lines
    self.name = name
  }

  mutating func next() throws -> (path: String, digest: String?)? {
    switch lines {
    case .folder(let paths):
      guard number < paths.count else { return nil }
      defer { number += 1 }
      return (paths[number], nil)
    case .file(let file):
      while let line = try file.next() {
        number += 1
        guard let text = String(validating: line, as: UTF8.self) else { throw wrong("bytes that are no UTF-8") }
        let trimmed = text.hasSuffix("\r") ? text.dropLast() : text[...]
        if !trimmed.allSatisfy(\.isWhitespace) { return try parts(of: trimmed) }
      }
      return nil
    }
  }

  /// `HEX  path`, `HEX *path` or `path`.
  private func parts(of line: Substring) throws -> (path: String, digest: String?) {
    let bytes = line.utf8
    let digest = bytes.prefix(64)
    guard digest.count == 64, digest.allSatisfy(Self.isHexDigit) else { return (try checked(line), nil) }
    let rest = bytes.dropFirst(64)
    guard let space = rest.first, space == UInt8(ascii: " "), let mark = rest.dropFirst().first,
      mark == UInt8(ascii: " ") || mark == UInt8(ascii: "*")
    else { throw wrong(String(line.prefix(80))) }
    return (try checked(Substring(rest.dropFirst(2))), String(Substring(digest)).lowercased())
  }

  /// The path, where its name is that of a file that can be scored.
  private func checked(_ path: Substring) throws -> String {
    let name = path.utf8[
      (path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.utf8.startIndex)...]
    guard BundleFileName(name) == .bundle else { throw wrong(String(path)) }
    return String(path)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private func wrong(_ found: String) -> ShardError {
    ShardError(
      .data, "a line names no input", at: "\(name): line \(number)", found: found,
      expected: "a digest of 64 digits, two spaces and the path of a file that ends in one of "
        + InputKind.allEndings.joined(separator: ", "))
  }
}

/// What a folder and those below it hold that can be scored.
private enum FolderInputs {
  /// Paths relative to the folder, in order.
  static func paths(in folder: URL) throws -> [String] {
    var found: [String] = []
    try list(folder, "", &found)
    return found.sorted { FileName($0) < FileName($1) }
  }

  private static func list(_ folder: URL, _ prefix: String, _ found: inout [String]) throws {
    try FolderListing.forEach(in: folder) { name in
      guard let entry = FolderEntry(name, in: folder), let text = name.text, !text.hasPrefix(".") else { return }
      switch entry.kind {
      case .folder: try list(folder.appendingPathComponent(text), "\(prefix)\(text)/", &found)
      case .file, .link: if BundleFileName(name.bytes) == .bundle { found.append(prefix + text) }
      case .other: return
      }
    }
  }
}
