/// What the name of a file in a spool's folder says of it: the one rule for which files are bundles.
///
/// The daemon takes bundles by it, and `ambq status` counts them by it.
///
/// ```swift
/// BundleFileName("friday.h5".utf8)       // .bundle
/// BundleFileName("friday.h5.part".utf8)  // .ignored
/// BundleFileName("notes.txt".utf8)       // .foreign
/// ```
public enum BundleFileName: Sendable, Hashable {
  /// A dialogue feature bundle.
  case bundle
  /// An unfinished copy, a hidden file, a digest beside a bundle, or what desktops and filesystems leave behind.
  case ignored
  /// Anything else.
  case foreign

  private static let unfinished = [".part", ".partial", ".tmp", ".filepart", ".crdownload", "~"]
  /// A digest beside a bundle, which travels with it.
  private static let sidecar = ".h5.sha256"
  private static let litter: Set<String> = ["@eaDir", "lost+found", "Thumbs.db", "desktop.ini"]

  /// - Parameter bytes: the name as the kernel has it, which need not be UTF-8.
  public init(_ bytes: some BidirectionalCollection<UInt8>) {
    let name = String(decoding: bytes, as: UTF8.self)
    let lowercased = name.lowercased()
    if bytes.first == UInt8(ascii: ".") || Self.litter.contains(name)
      || Self.unfinished.contains(where: { lowercased.hasSuffix($0) }) || lowercased.hasSuffix(Self.sidecar)
    {
      self = .ignored
    } else {
      let ending = bytes.suffix(3)
      let isBundle = bytes.count > 3 && (ending.elementsEqual(".h5".utf8) || ending.elementsEqual(".H5".utf8))
      self = isBundle ? .bundle : .foreign
    }
  }
}
