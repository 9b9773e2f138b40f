import AmbqConfiguration
import EvaluationStatistics
import Foundation
import ResultIndex

/// Which bundles are probed, and how.
struct ProbePolicy: Sendable, Hashable {
  var plan: ProbePlan
  /// With this many probes pending, only the plan's share of further bundles is probed.
  var backlog: Int

  init(plan: ProbePlan, backlog: Int) {
    self.plan = plan
    self.backlog = backlog
  }

  /// The configured policy; nil where nothing is to be probed.
  init?(_ settings: AmbdConfiguration.Probes) throws {
    self.init(plan: try settings.plan(), backlog: settings.backlog)
    guard settings.enabled && !plan.probes.isEmpty else { return nil }
  }

  /// What is to become of a bundle's probe.
  ///
  /// - Parameters:
  ///   - file: where the bundle will lie, relative to the spool.
  ///   - pending: how many probes are pending.
  func request(bundleDigest: String, file: String, pending: Int, at time: Date) throws -> ProbeRequest {
    var request = ProbeRequest(plan: try plan.stored(), file: file, time: time)
    if !plan.covers(bundleDigest: bundleDigest, underLoad: pending >= backlog) {
      request.skipReason = "\(pending) already pending: probes.share_under_load leaves this bundle out"
    }
    return request
  }
}

extension ProbePlan {
  /// The plan as the index keeps it: JSON, without the share under load, which is no part of what is measured.
  func stored() throws -> String {
    var plan = self
    plan.shareUnderLoad = 0
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(plan), as: UTF8.self)
  }

  /// Nil where another version wrote the plan.
  init?(stored text: String) {
    guard let plan = try? JSONDecoder().decode(ProbePlan.self, from: Data(text.utf8)) else { return nil }
    self = plan
  }
}
