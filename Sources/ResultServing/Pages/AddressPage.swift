import Foundation
import Presentation

/// A file for this user alone that leads a browser to an address with a token: other users see a program's arguments.
///
/// It goes with this object.
public final class AddressPage: Sendable {
  /// Where it lies.
  public let url: URL
  private let folder: URL

  /// - Throws: an error of the file manager.
  public init(_ address: String) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "ambq-\(UUID().uuidString)", isDirectory: true)
    url = folder.appendingPathComponent("open.html", isDirectory: false)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let link = MarkupText.escaped(address)
    let page = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=\(link)">
      <title>ambq</title></head><body><p><a href="\(link)">Conversations</a></p></body></html>

      """
    try Data(page.utf8).write(to: url)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
