import Foundation

/// The names of files and folders that are not what they will be yet.
///
/// All bear one mark: what a killed process has left behind is known by it, and nothing else is ever removed for its name.
public enum TemporaryName {
  private static let mark = ".ambq."
  private static let ending = ".tmp"

  /// A name beside the one that the content will get.
  ///
  /// - Parameter number: tells apart what is written at the same time in one folder: of a long name only the beginning is kept.
  public static func beside(_ url: URL, isDirectory: Bool = false, number: Int = 0) -> URL {
    url.deletingLastPathComponent().appendingPathComponent(
      "\(mark)\(getpid()).\(number).\(url.lastPathComponent.prefix(longest))\(ending)", isDirectory: isDirectory)
  }

  /// Whether some process of ours has given a file this name.
  public static func isOurs(_ name: some Collection<UInt8>) -> Bool {
    guard name.starts(with: mark.utf8), name.count > mark.utf8.count + ending.utf8.count,
      name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    else { return false }
    let process = name.dropFirst(mark.utf8.count).prefix { $0 != UInt8(ascii: ".") }
    return !process.isEmpty && process.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Characters kept of a name: with the mark it must not become longer than a name may be.
  private static let longest = 45
}
