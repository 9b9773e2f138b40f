import DialogueDomain
import EvaluationStatistics
import Foundation

/// Everything that can be set in `ambd.toml`, with the defaults; `keys` says how each is named and checked.
///
/// A new setting takes one property here, one line in `keys`, and its comment in `etc/ambd.toml` and `ambd.toml(5)`.
public struct AmbdConfiguration: Sendable, Equatable {
  public var spool: URL
  /// The index's file; empty for the one in the spool.
  public var index = ""
  public var model: URL
  public var labels = Labels()
  public var watch = Watch()
  public var deferral = Deferral()
  public var disk = Disk()
  public var scoring = Scoring()
  public var probes = Probes()
  public var reader = Reader()
  public var log = Log()
  public var retention = Retention()
  public var daemon = Daemon()
  public var report = Report()

  public struct Labels: Sendable, Equatable {
    public var layout = LabelLayout.tsv
  }

  public struct Watch: Sendable, Equatable {
    public enum Mode: String, CaseIterable, Sendable {
      /// The kernel's notices where the filesystem delivers them, else polling.
      case auto
      case inotify
      case poll
    }
    public var mode = Mode.auto
    /// How long a file that was not renamed into place must stay unchanged before it is claimed.
    public var settleSeconds = 2.0
    /// Between two looks at the whole folder, besides the kernel's notices.
    public var rescanSeconds = 300.0
    /// Between two looks at the whole folder when polling.
    public var pollSeconds = 5.0
  }

  public struct Deferral: Sendable, Equatable {
    public var startSeconds = 5.0
    public var factor = 2.0
    public var limitSeconds = 600.0
    public var giveUpSeconds = 86_400.0
  }

  public struct Disk: Sendable, Equatable {
    /// Nothing is claimed while the spool's filesystem has less space left than this.
    public var freeMebibytes = 64
  }

  public struct Scoring: Sendable, Equatable {
    /// 0 stands for all processors.
    public var threads = 0
  }

  public struct Probes: Sendable, Equatable {
    /// Whether bundles are probed at all.
    public var enabled = true
    public var kinds = ProbePlan.standard.probes.sorted()
    public var levels = ProbePlan.standard.levels
    public var seeds = ProbePlan.standard.seeds
    public var missingRates = ProbePlan.standard.missingRates
    public var gapShare = ProbePlan.standard.gapShare
    /// With this many probes pending, only a share of further bundles is probed.
    public var backlog = 1000
    public var shareUnderLoad = 0.1
    /// 0 stands for all processors.
    public var threads = 1

    /// The probes as a plan.
    ///
    /// - Throws: `ProbePlanError` naming the setting that makes no sense.
    public func plan() throws(ProbePlanError) -> ProbePlan {
      try ProbePlan(
        levels: levels, seeds: seeds, probes: Set(kinds), missingRates: missingRates, gapShare: gapShare,
        shareUnderLoad: shareUnderLoad)
    }
  }

  public struct Reader: Sendable, Equatable {
    /// Whether bundles are read in a process of their own, which a damaged file may crash.
    public var isolated = true
    /// 0 stands for no limit.
    public var timeLimitSeconds = 120.0
    /// 0 stands for no limit.
    public var memoryLimitMebibytes = 4096
  }

  public struct Log: Sendable, Equatable {
    public enum Level: String, CaseIterable, Sendable {
      case debug
      case info
      case notice
      case warning
      case error
    }
    public enum Format: String, CaseIterable, Sendable {
      case text
      case logfmt
      case json
    }
    public var level = Level.info
    public var format = Format.text
  }

  public struct Retention: Sendable, Equatable {
    /// Bundles older than this are removed from `done`; 0 keeps them for ever.
    public var doneDays = 0
  }

  public struct Daemon: Sendable, Equatable {
    public var heartbeatSeconds = 60.0
    /// With systemd's watchdog: how long one step may take before the daemon counts as hung.
    public var stallSeconds = 3600.0
  }

  /// The nightly report: when, where it stays, and what counts as a bad night.
  public struct Report: Sendable, Equatable {
    /// Whether the daemon writes reports by itself.
    public var enabled = true
    /// When a night ends, in local time.
    public var at = ClockTime(hour: 2)
    /// Reports older than this are removed; 0 keeps them for ever.
    public var keepDays = 0
    /// The JSON report of another model that effective robustness is measured against; empty: none.
    public var baseline = ""

    public init() {}

    // Limits. Each default can never be broken, so that it checks nothing.
    public var leastWeightedF1 = 0.0
    public var leastConfidence = 0.0
    public var mostFlips = 1.0
    public var mostDrift = 1.0
    public var mostTrainingDrift = 1.0
    public var mostFailed = 1.0
    public var mostUnhealthy = 1.0
  }

  /// The defaults.
  ///
  /// - Parameter folder: what the default spool and model folders are relative to.
  public init(in folder: URL) {
    spool = Self.location("spool", in: folder)
    model = Self.location("etc/models/meld-minilm", in: folder)
  }

  /// The spool's folders and its index.
  public var layout: SpoolLayout {
    SpoolLayout(root: spool, index: index.isEmpty ? nil : URL(fileURLWithPath: index, isDirectory: false))
  }

  /// An absolute folder for a path as written in a file or on the command line.
  static func location(_ path: String, in folder: URL) -> URL {
    URL(fileURLWithPath: path, isDirectory: true, relativeTo: folder).standardizedFileURL.absoluteURL
  }
}
