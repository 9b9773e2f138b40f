import Glibc

/// What a file descriptor is connected to.
public enum TerminalSize {
  /// The width to lay text out for, in columns: `COLUMNS` where it is a positive number, else the terminal's own, else 80.
  public static func columns(of descriptor: Int32, environment: [String: String]) -> Int {
    if let text = environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  public static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }
}
