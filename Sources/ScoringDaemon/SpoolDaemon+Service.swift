import BundleSpool
import DialogueDomain
import Foundation
import Logging
import ResultIndex

extension SpoolDaemon {
  /// Reads the configuration and the model anew; where either is bad, both stay as they were.
  func reload() {
    wantsReload = false
    surroundings.notifier.notify(.reloading)
    defer { surroundings.notifier.notify(.ready, status: "watching \(spool.layout.incoming.path)") }
    do {
      let loaded = try assembly.configuration()
      let newModel = try assembly.model(loaded.values)
      let newIntake = try assembly.intake(loaded.values)
      let oldWatch = settings.watch
      probes = try ProbePolicy(loaded.values.probes)
      settings = loaded.values
      model = newModel
      intake = newIntake
      logger = assembly.logger(settings)
      for warning in loaded.warnings { logger.warning("\(warning)") }
      queue.arrivals.settleSeconds = settings.watch.settleSeconds
      watchdog.start(surroundings.notifier, patience: settings.daemon.stallSeconds)
      if oldWatch.mode != settings.watch.mode { beginWatching() }
      if settings.layout != spool.layout {
        logger.warning(
          "the spool folder and the index are taken at start only; the old ones are kept",
          metadata: [
            "spool": "\(spool.layout.root.path)", "index": "\(spool.layout.index.path)",
            "configured_spool": "\(settings.layout.root.path)", "configured_index": "\(settings.layout.index.path)",
          ])
      }
      nextScan = surroundings.now()
      nextReport = nextScan
      logger.info("reloaded", metadata: ["model": "\(model.name)", "model_digest": "\(model.digest.prefix(8))"])
    } catch {
      let explanation = (error as? any ExplainedError)?.explanation ?? Explanation(.usage, "\(error)")
      logger.error("not reloaded, all stays as it was: \(explanation.what)", metadata: explanation.logged)
    }
  }

  /// Begins something that may take long: with the next heartbeat if that is near, so that the index tells of it.
  func say(_ activity: String, at now: Date) {
    self.activity = activity
    if nextBeat.timeIntervalSince(now) < settings.daemon.heartbeatSeconds / 2 { beat(at: now) }
  }

  /// Tells the index that the daemon lives.
  func beat(at now: Date, hasStopped: Bool = false) {
    nextBeat = now.addingTimeInterval(settings.daemon.heartbeatSeconds)
    let entry = HeartbeatEntry(
      processID: ProcessInfo.processInfo.processIdentifier, host: DaemonHeartbeat.thisHost, started: started,
      beat: now, stopped: hasStopped ? now : nil, modelName: model.name, modelDigest: model.digest,
      spool: spool.layout.root.path, version: assembly.version, activity: activity, waiting: queue.count)
    do {
      try ledger?.recordHeartbeat(entry)
    } catch {
      logger.warning("the heartbeat cannot be written", metadata: ["error": "\(error)"])
    }
  }
}
