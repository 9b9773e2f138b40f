import Foundation

/// Where an export goes.
enum ExportPlace {
  case output
  /// One file, in a folder.
  case file(URL)
  case folder(URL)

  /// - Parameter out: a path as typed; nil for the output.
  init(_ out: String?, _ format: ExportFormat) {
    guard let out, out != "-" else {
      self = .output
      return
    }
    let url = URL(fileURLWithPath: out)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    let isNamedAsFolder = out.hasSuffix("/") || exists && isFolder.boolValue
    if format.isPerDialogue {
      let endings = format == .original ? ExportFormat.allCases : [format]
      let isFile = endings.contains { $0.fileExtension.lowercased() == url.pathExtension.lowercased() }
      self = isFile && !isNamedAsFolder ? .file(url) : .folder(url)
    } else {
      self = .file(isNamedAsFolder ? url.appendingPathComponent("labels.\(format.fileExtension)") : url)
    }
  }

  /// The path for people; nil for the output.
  var path: String? {
    switch self {
    case .output: nil
    case .file(let url): url.path
    case .folder(let url): url.path + "/"
    }
  }
}
