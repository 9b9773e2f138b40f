import CSystemCalls
import Foundation
import OperatingSystem

/// How many runs of the daemon have ended over the same bundle, by a crash or after having had it in hand for long.
///
/// Each start takes up first what lies in `active`: a bundle that takes the daemon down with it would hold up the queue for
/// ever. A kill in the midst of ordinary work is nobody's fault and is not counted.
extension Spool {
  private struct Deaths: Codable {
    var bundle: String
    var deaths: Int
    /// The run that was counted last: one run counts once.
    var run: String
  }

  /// Names this run of the program; a process number would be the same at each start in a container.
  public static let ownRun = UUID().uuidString

  private var deathsURL: URL { layout.root.appendingPathComponent(".ambd.deaths.json", isDirectory: false) }
  private var crashURL: URL { layout.root.appendingPathComponent(".ambd.crash", isDirectory: false) }

  /// How many runs have ended over a bundle.
  public func deaths(over claimed: ClaimedBundle) -> Int {
    let known = SpoolJSON.decode(Deaths.self, from: deathsURL)
    return known?.bundle == claimed.name.text ? known?.deaths ?? 0 : 0
  }

  /// Counts a run as one that ends over a bundle, until `forgetDeaths` says that it did not.
  ///
  /// As well as can be: on a full disk nothing is counted.
  ///
  /// - Parameter run: which run it is.
  public func countDeath(over claimed: ClaimedBundle, of run: String = Self.ownRun) {
    let known = SpoolJSON.decode(Deaths.self, from: deathsURL).flatMap { $0.bundle == claimed.name.text ? $0 : nil }
    guard known?.run != run else { return }
    let deaths = Deaths(bundle: claimed.name.text, deaths: (known?.deaths ?? 0) + 1, run: run)
    if let data = try? SpoolJSON.encode(deaths) { try? DurableFile.write(data, to: deathsURL) }
  }

  /// Forgets what was counted: a bundle has come to an end, or the daemon ends in good order.
  public func forgetDeaths() { unlink(deathsURL.path) }

  /// Which run it was that crashed, if the last one did; from here on a crash of this one leaves its mark.
  public func beginNotingCrashes() -> String? {
    let noted = (try? String(contentsOf: crashURL, encoding: .utf8)) ?? ""
    let crashed = noted.hasSuffix("crashed") ? noted.split(separator: " ").first.map(String.init) : nil
    let descriptor = open(crashURL.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return crashed }
    let own = "\(Self.ownRun) "
    _ = own.withCString { write(descriptor, $0, strlen($0)) }
    // Open for as long as the process lives.
    cs_note_crashes_on(descriptor)
    return crashed
  }
}
