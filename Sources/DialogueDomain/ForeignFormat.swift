/// What a file is that is not what its name or place promises, told by its first bytes.
public enum ForeignFormat: CaseIterable, Sendable, Hashable {
  /// What Git LFS leaves where the content was not fetched.
  case gitPointer
  /// What a server sends in place of a file.
  case webPage
  /// A gzip archive.
  case gzip
  /// A zip archive, as `torch.save` and `numpy.savez` write.
  case zip
  /// An HDF5 file.
  case hdf5

  /// - Parameter start: a few hundred bytes from the file's beginning.
  /// - Returns: nil where they are of no such format.
  public init?(start: some Collection<UInt8>) {
    let text = String(decoding: start.prefix(256), as: UTF8.self).lowercased().drop(while: \.isWhitespace)
    if text.hasPrefix("version https://git-lfs") {
      self = .gitPointer
    } else if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
      self = .webPage
    } else if start.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if start.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      self = .zip
    } else if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = .hdf5
    } else {
      return nil
    }
  }

  /// As messages call it.
  public var title: String {
    switch self {
    case .gitPointer: "a Git LFS pointer, not the file itself"
    case .webPage: "a web page"
    case .gzip: "a gzip archive"
    case .zip: "a zip archive, as torch.save and numpy.savez write"
    case .hdf5: "an HDF5 file"
    }
  }

  /// How to come to what is wanted.
  public var remedy: String {
    switch self {
    case .gitPointer: "Fetch the content with git lfs pull."
    case .webPage: "Download the file itself; the server sent a page about it."
    case .gzip: "Unpack it with gunzip first."
    case .zip: "Weights of torch.save are read by ambtrain import model; pack arrays of numpy.savez as .npy files."
    case .hdf5: "Name a feature bundle *.h5, and give it to the command that takes bundles."
    }
  }
}
