import DialogueDomain
import Foundation
import Glibc
import OperatingSystem

/// A file of corrections as it comes through the spool: `NAME.corrections.jsonl`, a JSON object a line.
///
///     {"dialogue":"tea","utterance":"3","emotion":"joy","by":"Anna"}
///
/// Anybody may write one, so everything in it is limited.
public struct CorrectionFile: Sendable {
  /// What the lines ask for, in their order.
  public let requests: [CorrectionRequest]
  /// When the file was last written to.
  public let modified: Date
  /// The name of the user whose file it is; the number where it has no name.
  public let account: String
  /// SHA-256 of its bytes.
  public let digest: String

  /// More bytes than this are no correction file.
  public static let mostBytes = 16 << 20
  /// More corrections than this come in several files.
  public static let mostLines = 100_000
  /// The longest line.
  static let longestLine = 16 << 10
  /// The longest name of a person, an emotion or an utterance, in characters.
  static let longestName = 200

  /// Reads and checks a file; a link is not followed.
  ///
  /// - Parameters:
  ///   - mostBytes: more are refused.
  ///   - requests: what content of another form asks for; it gives nil where the lines are corrections.
  /// - Throws: `CorrectionError` with the line that is wrong, `StorageError` where the file cannot be read, and what
  ///   `requests` throws.
  public init(
    _ url: URL, mostBytes: Int = mostBytes, requests read: (Data) throws -> [CorrectionRequest]? = { _ in nil }
  ) throws {
    let descriptor = open(url.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError("opening", url) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError("looking at", url) }
    let name = url.lastPathComponent
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
      throw CorrectionError.tooLarge(name, bytes: Int(status.st_size), most: mostBytes)
    }
    let bytes = try Self.bytes(descriptor, url, most: mostBytes)
    requests = try read(bytes) ?? Self.requests(bytes, name: name)
    guard requests.count <= Self.mostLines else { throw CorrectionError.tooMany(name) }
    // A file may claim to be of any time; a day beyond the year 9999 has no name.
    let seconds = min(max(Double(status.st_mtim.tv_sec), 0), 253_402_300_799)
    modified = Date(timeIntervalSince1970: seconds + Double(status.st_mtim.tv_nsec / 1_000_000) / 1000)
    account = Self.name(of: status.st_uid)
    digest = FileDigest.sha256(bytes)
  }

  /// The bytes of a file that asks for this.
  ///
  /// - Throws: what the encoder throws.
  public static func content(_ requests: [CorrectionRequest]) throws -> Data {
    try CorrectionLine.text(requests.map(CorrectionLine.init))
  }

  /// Checks content as the daemon will, when it comes in a file.
  ///
  /// - Throws: `CorrectionError`.
  public static func check(_ content: Data, name: String) throws {
    _ = try requests(content, name: name)
  }

  /// The name that this process's user has.
  public static var ownAccount: String { name(of: geteuid()) }

  private static func bytes(_ descriptor: Int32, _ url: URL, most: Int) throws -> Data {
    var bytes = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StorageError("reading", url) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece[..<count])
      guard bytes.count <= most else {
        throw CorrectionError.tooLarge(url.lastPathComponent, bytes: bytes.count, most: most)
      }
    }
  }

  private static func requests(_ bytes: Data, name: String) throws -> [CorrectionRequest] {
    guard bytes.count <= mostBytes else { throw CorrectionError.tooLarge(name, bytes: bytes.count, most: mostBytes) }
    var requests: [CorrectionRequest] = []
    let decoder = JSONDecoder()
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let blanks: [UInt8] = [0x20, 0x09, 0x0D]
      if line.allSatisfy(blanks.contains) { continue }
      let place = "\(name): line \(index + 1)"
      guard requests.count < mostLines else { throw CorrectionError.tooMany(name) }
      guard line.count <= longestLine else { throw CorrectionError.longLine(place, bytes: line.count) }
      let read: CorrectionLine
      do {
        read = try decoder.decode(CorrectionLine.self, from: Data(line))
      } catch {
        throw CorrectionError.noCorrection(place, error)
      }
      requests.append(try request(read, line: index + 1, place: place))
    }
    guard !requests.isEmpty else { throw CorrectionError.empty(name) }
    return requests
  }

  private static func request(_ read: CorrectionLine, line: Int, place: String) throws -> CorrectionRequest {
    guard (read.emotion == nil) == (read.withdrawn == true) else { throw CorrectionError.noEmotion(place) }
    for (member, text) in [("by", read.by), ("emotion", read.emotion)] {
      guard let text else { continue }
      let isPlain = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
      guard isPlain, !text.allSatisfy(\.isWhitespace), text.count <= longestName else {
        throw CorrectionError.noName(place, member: member)
      }
    }
    if let digest = read.bundleDigest {
      guard (8...64).contains(digest.count), digest.allSatisfy(\.isHexDigit) else {
        throw CorrectionError.noDigest(place, found: digest)
      }
    }
    let at = try read.at.map { text in
      guard let date = CorrectionTime.date(text) else { throw CorrectionError.noTime(place, found: text) }
      return date
    }
    return CorrectionRequest(
      line: line, bundleDigest: read.bundleDigest?.lowercased(), dialogue: read.dialogue, utterance: read.utterance,
      emotion: read.emotion, by: read.by, at: at)
  }

  private static func name(of user: uid_t) -> String {
    var entry = passwd()
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    var found: UnsafeMutablePointer<passwd>?
    guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
      return "\(user)"
    }
    return String(cString: name)
  }
}
