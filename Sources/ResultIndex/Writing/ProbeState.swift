/// How far the probe of a bundle has come.
public enum ProbeState: String, Sendable, CaseIterable {
  /// Asked for, not run yet.
  case pending
  case done
  /// It will not be run; a reason says why.
  case skipped
}
