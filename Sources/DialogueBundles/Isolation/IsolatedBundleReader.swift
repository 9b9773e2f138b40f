import DialogueDomain
import Foundation
import Synchronization

/// Reads bundles in child processes, because the HDF5 library crashes on a few damaged files in a thousand.
///
/// This very program is started once more, with a hidden first argument, and from then on forks a child for each file; one
/// always stands by. Each child reads one file: nothing that a file did to its memory outlives it.
///
/// Every program that uses this class must call `runChildIfAsked(arguments:)` first thing in `main`.
public final class IsolatedBundleReader: BundleSource {
  /// What one read may take.
  public struct Limits: Sendable, Hashable {
    /// Bytes that the file, and likewise its decoded content, may have.
    public var size = BundleReader.defaultSizeLimit
    /// Seconds of processor time, and one more for every 10 MiB of the file; one that takes more is refused for good.
    ///
    /// The HDF5 library does not only crash on some damaged files: on others it never ends.
    public var processorSeconds = 10
    /// Seconds that its reading may be waited for in all, and one more for every 10 MiB; when more pass, a later try may
    /// succeed.
    public var waitSeconds = 60.0

    /// What a file may ask of whoever scores it; nil for what is not to be scored.
    public var bundle: BundleLimits?

    /// The default limits.
    public init() {}

    /// The same limits with the seconds that a file of this size is granted.
    func extended(for url: URL) -> Limits {
      var status = stat()
      let size = stat(url.path, &status) == 0 ? Int(status.st_size) : 0
      var limits = self
      limits.processorSeconds += size / (10 << 20)
      limits.waitSeconds += Double(size / (10 << 20))
      return limits
    }
  }

  /// The hidden first argument of a child.
  public static let childArgument = "--read-bundle"

  /// What each read may take.
  public let limits: Limits
  private let executable: String
  private let forker = Mutex<ReaderForker?>(nil)
  private let standby = Mutex<ReaderProcess?>(nil)

  /// Starts the program that forks.
  ///
  /// - Parameter executable: a program that calls `runChildIfAsked(arguments:)`; nil for this one.
  public init(executable: URL? = nil, limits: Limits = Limits()) {
    self.executable = executable?.path ?? "/proc/self/exe"
    self.limits = limits
    // A failure shows, with its reason, at the first read.
    forker.withLock { $0 = try? start() }
  }

  /// Becomes the program that forks children, and never returns, when the command line says so; else returns at once.
  public static func runChildIfAsked(arguments: [String]) {
    runChildIfAsked(arguments: arguments) { _ in }
  }

  /// The same with something that a child does first: what a file could make it do.
  package static func runChildIfAsked(arguments: [String], beforeReading: (String) -> Void) {
    if let program = ReaderProgram(arguments: arguments) { program.run(beforeReading: beforeReading) }
  }

  /// Reads one bundle in a child process; several threads may do so at once.
  ///
  /// - Throws: `BundleError`, as `BundleReader`, and for a child that crashed, took too long or could not be started.
  public func read(_ url: URL) throws -> BundleReading { try open(url).whole() }

  /// Reads and checks one bundle in a child process, which then hands over its features as they are asked for: it waits for
  /// whoever takes them, and ends with the last.
  ///
  /// - Throws: `BundleError`, as `read`; a child that ends early or stalls shows when a part is asked for, too.
  public func open(_ url: URL) throws -> OpenedBundle { try start(url).opened }

  /// Opens a bundle; and the child that hands it over, for tests.
  func start(_ url: URL) throws -> (opened: OpenedBundle, reader: RunningReader) {
    // Started when this read is over, so that the two do not compete for the processor.
    defer { keepOneWaiting() }
    let reading = RunningReader(limits.extended(for: url), url)
    let opening = try reading.named {
      reading.take(over: try ask(for: url.absoluteURL.path))
      return try reading.receive { try ReaderReply.receive(over: $0, limit: limits.size) }
    }
    let parts = opening.outline.parts
    if parts.isEmpty { reading.end() }
    let opened = OpenedBundle(
      opening.outline, digest: opening.digest, byteCount: opening.byteCount, transcript: opening.transcript,
      notes: opening.transcript?.warnings ?? [], parts: parts
    ) { part in
      let bundle = try reading.named {
        try reading.receive { try ReaderReply.receive(part, of: opening.outline, over: $0) }
      }
      if part.upperBound == opening.outline.dialogues.count { reading.end() }
      return OpenedBundle.Part(bundle)
    }
    return (opened, reading)
  }

  /// A child that has been given the path: the one that stands by, or a new one where that is gone.
  private func ask(for path: String) throws -> ReaderProcess {
    if let process = standby.withLock({ $0.take() }), process.ask(for: path) { return process }
    let process = try fork()
    guard process.ask(for: path) else { throw limits.fault(status: process.end()) }
    return process
  }

  /// A new child; of a forker that is gone, a new one forks it.
  private func fork() throws -> ReaderProcess {
    try forker.withLock { forker in
      let deadline = ContinuousClock.now + Self.patience
      if let running = forker.take() {
        do {
          let process = try ReaderProcess(forkedBy: running, by: deadline)
          forker = consume running
          return process
        } catch is ReaderChannel.Failure {}
      }
      let started = try start()
      do {
        let process = try ReaderProcess(forkedBy: started, by: deadline)
        forker = consume started
        return process
      } catch ReaderChannel.Failure.timeout {
        throw BundleError.readerStalled(seconds: Self.patience / .seconds(1))
      } catch ReaderChannel.Failure.closed {
        throw limits.fault(status: started.end())
      }
    }
  }

  /// How long a fork may take, the start of what forks included.
  private static let patience = Duration.seconds(60)

  private func start() throws -> ReaderForker {
    let name = CommandLine.arguments.first ?? executable
    return try ReaderForker(executable: executable, arguments: [name] + ReaderProgram(limits).arguments)
  }

  private func keepOneWaiting() {
    if standby.withLock({ $0 != nil }) { return }
    guard let process = try? fork() else { return }
    var spare: ReaderProcess? = consume process
    // Another read may have been quicker; then this one ends.
    standby.withLock { standby in
      if standby == nil { standby = spare.take() }
    }
  }

  /// The process that forks, for tests.
  var forkerProcess: pid_t? { forker.withLock { $0?.process } }
}
