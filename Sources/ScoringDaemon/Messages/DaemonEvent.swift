import AmbqConfiguration
import DialogueDomain
import Foundation
import NightReports

/// What somebody may want to be told of.
enum DaemonEvent: Sendable, Equatable {
  /// A night has been judged, or judged otherwise than before.
  case night(date: String, verdict: Verdict.State, broken: [String], page: String)
  /// A bundle failed.
  case failed(bundle: String, Explanation)
  /// The queue stands still, and did at the next try.
  case paused(Explanation)
  /// It goes on.
  case resumed

  /// Which setting asks for it.
  var kind: AmbdConfiguration.Notify.Kind {
    switch self {
    case .night: .night
    case .failed: .failed
    case .paused, .resumed: .paused
    }
  }
}
