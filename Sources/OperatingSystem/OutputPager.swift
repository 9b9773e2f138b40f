import Foundation

/// A program that shows standard output page by page, while this one writes.
///
/// While it runs, standard output leads to it, and an interrupt is the pager's to handle; when this value goes, standard
/// output leads where it did, and the pager has ended.
public final class OutputPager {
  private let terminal: Int32
  private let process: pid_t

  /// The command to page with: `AMBQ_PAGER`, else `PAGER`, else less where there is one; nil for none.
  ///
  /// An empty variable and `cat` say that none is wanted, and so does a terminal that can do nothing.
  public static func command(in environment: [String: String]) -> String? {
    if environment["TERM"] == "dumb" { return nil }
    if let named = environment["AMBQ_PAGER"] ?? environment["PAGER"] {
      let command = named.trimmingCharacters(in: .whitespaces)
      return command.isEmpty || command == "cat" ? nil : command
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { access("\($0)/less", X_OK) == 0 } ? "less" : nil
  }

  /// What the pager's environment has beside this process's: less ends where all fits on the screen, keeps colours, and
  /// leaves what it has shown, unless `LESS` says otherwise.
  static func additions(to environment: [String: String]) -> [String: String] {
    ["LESS": "FRX", "LV": "-c"].filter { environment[$0.key] == nil }
  }

  /// Starts the pager and leads standard output to it; nil where that fails, and output stays where it is.
  public init?(_ command: String, environment: [String: String]) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    defer { ends.forEach { close($0) } }
    // The pager must not hold the end that this program writes to: it would wait for itself.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let terminal = fcntl(1, F_DUPFD_CLOEXEC, 3)
    guard terminal >= 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    let variables = environment.merging(Self.additions(to: environment)) { own, _ in own }.map {
      "\($0.key)=\($0.value)"
    }
    var process: pid_t = 0
    let code = Self.withStrings(["sh", "-c", command]) { arguments in
      Self.withStrings(variables) { posix_spawn(&process, "/bin/sh", &actions, nil, arguments, $0) }
    }
    guard code == 0, dup2(ends[1], 1) == 1 else {
      close(terminal)
      return nil
    }
    self.terminal = terminal
    self.process = process
    signal(SIGINT, SIG_IGN)
    // Whoever leaves the pager has seen enough: nothing to die of.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    // The end of what there is to show.
    dup2(terminal, 1)
    close(terminal)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    signal(SIGINT, SIG_DFL)
    signal(SIGPIPE, SIG_DFL)
  }

  private static func withStrings(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32) -> Int32 {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }
}
