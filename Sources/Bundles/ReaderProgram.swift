import Foundation

/// The child's side of isolated reading: waits for a path, reads that bundle, hands it over, ends.
struct ReaderProgram {
  let limits: IsolatedBundleReader.Limits

  /// The command line that starts this program, without the program's name.
  var arguments: [String] {
    [IsolatedBundleReader.childArgument, "\(limits.size)", "\(limits.processorSeconds)"]
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
    self.init(limits)
  }

  func run() -> Never {
    confine()
    // The parent went away, or nobody started this the intended way.
    guard let path = path() else { _exit(0) }
    do {
      try ReaderReply.write(read(path), to: MemoryFile(descriptor: ReaderProcess.replyDescriptor))
    } catch {
      _exit(74)
    }
    var sign: UInt8 = 1
    _ = send(ReaderProcess.channelDescriptor, &sign, 1, Int32(MSG_NOSIGNAL))
    // Nothing to tidy: ending at once gives the memory back soonest.
    _exit(0)
  }

  private func read(_ path: String) -> Result<BundleReading, BundleError> {
    do {
      return .success(try BundleReader(sizeLimit: limits.size).read(URL(fileURLWithPath: path)))
    } catch let error as BundleError {
      return .failure(error)
    } catch {
      return .failure(BundleError.damaged(cause: "\(error)"))
    }
  }

  /// The request: a path, ended by a zero so that a half request is none.
  private func path() -> String? {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while bytes.last != 0 {
      let count = Glibc.read(ReaderProcess.channelDescriptor, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += part.prefix(count)
    }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Bounds what a hostile file can take, and leaves the end of this process to its parent.
  private func confine() {
    for signalNumber in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { signal(signalNumber, SIG_IGN) }
    limit(RLIMIT_CORE, 0)
    limit(RLIMIT_NOFILE, 16)
    limit(RLIMIT_CPU, limits.processorSeconds)
    // The file, its content, half of that again while 16 bits become 32, and the library's own needs.
    limit(RLIMIT_AS, addressSpace() + limits.size / 2 * 5 + (256 << 20))
    limit(RLIMIT_FSIZE, limits.size / 2 * 3 + (64 << 20))
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
