import AmbqConfiguration
import Foundation
import OperatingSystem

/// How a message gets to somebody: a program that reads it, or a web address that it is posted to, by curl.
struct MessageDelivery: Sendable {
  let settings: AmbdConfiguration.Notify

  /// The command to run for a message.
  func command(_ message: Data) -> TimedCommand {
    if settings.webhook.isEmpty {
      return TimedCommand(settings.command, input: message, limitSeconds: settings.timeLimitSeconds)
    }
    // Without what a file of the user's sets.
    return TimedCommand(
      ["curl", "--disable", "--config", "-"], input: Data(posting(message).utf8),
      limitSeconds: settings.timeLimitSeconds)
  }

  /// What curl is told, over standard input: an address may hold a secret, which the list of processes would show.
  private func posting(_ message: Data) -> String {
    """
    url = \(Self.quoted(settings.webhook))
    header = "Content-Type: application/json"
    data-binary = \(Self.quoted(String(decoding: message, as: UTF8.self)))
    proto = "=http,https"
    fail
    silent
    show-error

    """
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
