/// What one run of the daemon has done.
struct DaemonTally {
  var scored = 0
  var unchanged = 0
  var failed = 0
  var deferred = 0
  var probed = 0
  /// How often the kernel dropped notices.
  var overflows = 0

  /// Bundles that were tried and not scored.
  var leftUndone: Int { failed + deferred }
}
