import Foundation
import GRDB

/// How far the probe of a bundle has come.
public enum ProbeState: String, Sendable, CaseIterable {
  /// Asked for, not run yet.
  case pending
  /// Its results are in the index.
  case done
  /// It will not be run; a reason says why.
  case skipped
}

/// What is to become of a bundle's probe, recorded with its scoring.
public struct ProbeRequest: Sendable, Hashable {
  /// The plan as JSON, without what does not change the measurement: equal text is an equal plan.
  public var plan: String
  /// Where the bundle's bytes will lie, relative to the spool: `done/friday.h5`.
  public var file: String
  /// Why the bundle is not to be probed, where it is not.
  public var skipReason: String?
  /// When it was asked for.
  public var time: Date

  /// A request for the probes of a bundle that is scored.
  public init(plan: String, file: String, skipReason: String? = nil, time: Date) {
    self.plan = plan
    self.file = file
    self.skipReason = skipReason
    self.time = time
  }
}

/// A probe that waits to be run.
public struct PendingProbe: Sendable, Hashable {
  /// The bundle's number in this index.
  public let bundle: Int64
  /// The file name under which the bytes were scored.
  public let name: String
  /// SHA-256 of the bundle's bytes.
  public let bundleDigest: String
  /// The model that scored the bundle: its labels are what the probe is about.
  public let modelDigest: String
  /// The plan as JSON.
  public let plan: String
  /// Where the bundle's bytes lie, relative to the spool.
  public let file: String
  /// Further file names under which the same bytes arrived.
  public let aliases: [String]
  /// Where the labels lie, relative to the spool.
  public let labelFile: String

  /// A probe that is still to run.
  public init(
    bundle: Int64, name: String, bundleDigest: String, modelDigest: String, plan: String, file: String,
    aliases: [String] = [], labelFile: String
  ) {
    self.bundle = bundle
    self.name = name
    self.bundleDigest = bundleDigest
    self.modelDigest = modelDigest
    self.plan = plan
    self.file = file
    self.aliases = aliases
    self.labelFile = labelFile
  }
}

/// Writes a request into the row of a bundle, inside a transaction that the caller holds.
struct ProbeRequestRow {
  private let bundle: Int64
  private let request: ProbeRequest

  init(_ bundle: Int64, _ request: ProbeRequest) {
    self.bundle = bundle
    self.request = request
  }

  /// Asks for the probe unless this plan's is done; one that is pending stays so, whatever the load.
  func ask(_ database: Database) throws {
    try write(database, onConflict: "WHERE NOT (probe.state = 'done' AND probe.plan = excluded.plan)")
  }

  /// Asks for the probe even where it is done.
  func renew(_ database: Database) throws {
    var renewed = request
    renewed.skipReason = nil
    try ProbeRequestRow(bundle, renewed).write(database, onConflict: "")
  }

  private func write(_ database: Database, onConflict condition: String) throws {
    try database.run(
      sql: """
        INSERT INTO probe (bundle, state, plan, file, reason, time) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (bundle) DO UPDATE SET
          state = iif(probe.state = 'pending', 'pending', excluded.state), plan = excluded.plan, file = excluded.file,
          reason = iif(probe.state = 'pending', NULL, excluded.reason), time = excluded.time
        \(condition)
        """,
      arguments: [
        bundle, (request.skipReason == nil ? ProbeState.pending : .skipped).rawValue, request.plan, request.file,
        request.skipReason, request.time.milliseconds,
      ])
  }
}
