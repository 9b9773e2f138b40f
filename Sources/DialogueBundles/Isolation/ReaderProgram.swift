import CHDF5
import CSystemCalls
import DialogueDomain
import Foundation
import OperatingSystem

/// The children's side of isolated reading: one forks a child for each file, which waits for a path, reads that bundle, hands
/// it over and ends.
struct ReaderProgram {
  /// Each child's end of its channel.
  static let channelDescriptor: Int32 = 0

  let limits: IsolatedBundleReader.Limits
  private let channel = ReaderChannel(descriptor: Self.channelDescriptor)

  /// The command line that starts this program, without the program's name.
  var arguments: [String] {
    [IsolatedBundleReader.childArgument, "\(limits.size)", "\(limits.processorSeconds)"]
      + (limits.bundle.map { ["\($0.utterances)", "\($0.dialogueUtterances)"] } ?? [])
  }

  init(_ limits: IsolatedBundleReader.Limits) {
    self.limits = limits
  }

  /// - Parameter arguments: a whole command line; nil unless it is the one that starts this program.
  init?(arguments: [String]) {
    guard arguments.count >= 2, arguments[1] == IsolatedBundleReader.childArgument else { return nil }
    var limits = IsolatedBundleReader.Limits()
    if arguments.count >= 4, let size = Int(arguments[2]), let seconds = Int(arguments[3]) {
      limits.size = size
      limits.processorSeconds = seconds
    }
    if arguments.count >= 6, let utterances = Int(arguments[4]), let ofOneDialogue = Int(arguments[5]) {
      var bundle = BundleLimits()
      (bundle.utterances, bundle.dialogueUtterances) = (utterances, ofOneDialogue)
      limits.bundle = bundle
    }
    self.init(limits)
  }

  /// Forks a child for every socket that arrives, until nobody can send one any more.
  ///
  /// - Parameter beforeReading: called in the child.
  func run(beforeReading: (String) -> Void) -> Never {
    confine()
    warmUp()
    while true {
      let socket = cs_receive_descriptor(Self.channelDescriptor)
      // The parent went away, or nobody started this the intended way.
      guard socket >= 0 else { _exit(0) }
      let process = cs_fork_for_parent()
      let code = errno
      if process == 0 {
        dup2(socket, Self.channelDescriptor)
        close(socket)
        answer(beforeReading)
      }
      close(socket)
      guard channel.send([process > 0 ? process : -code]) else { _exit(0) }
    }
  }

  /// The forked child's whole life.
  private func answer(_ beforeReading: (String) -> Void) -> Never {
    guard let path = path() else { _exit(0) }
    beforeReading(path)
    guard read(path) else { _exit(74) }
    // Nothing to tidy: ending at once gives the memory back soonest.
    _exit(0)
  }

  /// Goes once through all that reading and answering need, so that libraries are bound and initialised in every child that
  /// is forked from here.
  private func warmUp() {
    let bundle = FeatureBundle(
      extractors: [.text: "none"], emotions: EmotionSet(["none"]), dialogues: [Dialogue(id: "d", rows: 0..<1)],
      utterances: [Utterance(id: "u", speaker: "s", start: 0, end: 0, label: 0, text: "words")],
      features: [.text: FeatureTable(width: 1, values: [0], missing: [false])])
    let reader = BundleReader(sizeLimit: limits.size, limits: limits.bundle)
    for precision in [BundleWriter.Precision.half, .single] {
      guard let content = try? BundleWriter(precision: [.text: precision]).content(of: bundle) else { continue }
      let file = try? content.withUnsafeBytes { try reader.decode(FileImage(copying: $0)) { $0 == "" } }
      guard let file, let ends = try? ReaderChannel.pair() else { continue }
      _ = try? ReaderReply.send(file, over: ReaderChannel(descriptor: ends.ours))
      close(ends.ours)
      close(ends.theirs)
    }
    // What that has left goes back to the system: a child gets fresh pages sooner than copies of used ones.
    H5garbage_collect()
    cs_trim_heap()
  }

  /// Reads the bundle and hands it over.
  ///
  /// - Returns: false where nobody takes it, or where it could not be read twice.
  private func read(_ path: String) -> Bool {
    let url = URL(fileURLWithPath: path)
    limit(RLIMIT_CPU, limits.extended(for: url).processorSeconds)
    do {
      var reader = BundleReader(sizeLimit: limits.size, limits: limits.bundle)
      reader.beforeParsing = { ProcessSandbox.enter() }
      return try reader.decode(url) { file in
        // What it has begun to say cannot be taken back: no error may follow.
        (try? ReaderReply.send(file, over: channel)) == true
      }
    } catch let error as BundleError {
      return ReaderReply.send(error, over: channel)
    } catch {
      return ReaderReply.send(BundleError.damaged(cause: "\(error)"), over: channel)
    }
  }

  /// The request: a path, ended by a zero so that a half request is none.
  private func path() -> String? {
    var bytes: [UInt8] = []
    while bytes.last != 0 {
      guard let byte = try? channel.receive(1, of: UInt8.self) else { return nil }
      bytes += byte
    }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Bounds what a hostile file can take, and leaves the end of this process to its parent.
  private func confine() {
    for signalNumber in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { signal(signalNumber, SIG_IGN) }
    limit(RLIMIT_CORE, 0)
    limit(RLIMIT_NOFILE, 16)
    // The file, its content, half of that again while 16 bits become 32, and the library's own needs.
    limit(RLIMIT_AS, addressSpace() + limits.size / 2 * 5 + (256 << 20))
    limit(RLIMIT_FSIZE, 0)
    // When memory runs out, the system should end this process and not the daemon.
    let adjustment = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    if adjustment >= 0 {
      _ = Glibc.write(adjustment, "1000", 4)
      close(adjustment)
    }
  }

  /// Lowers a limit; where the system has a lower one already, that stays.
  private func limit(_ resource: __rlimit_resource, _ value: Int) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(max(0, value)))
    setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  }

  /// Bytes of address space that the program's code and libraries take already.
  private func addressSpace() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii),
      let pages = text.split(separator: " ").first.flatMap({ Int($0) })
    else { return 1 << 30 }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }
}
