import DialogueDomain
import EvaluationStatistics
import Foundation

/// Everything that can be set in `ambd.toml`, with the defaults; `keys` says how each is named and checked.
///
/// A new setting takes one property here, one line in `keys`, and its comment in `etc/ambd.toml` and `ambd.toml(5)`.
public struct AmbdConfiguration: Sendable, Equatable {
  /// The folder that bundles arrive in and results lie in.
  public var spool: URL
  /// The index's file; empty for the one in the spool.
  public var index = ""
  /// The model directory.
  public var model: URL
  /// The folder of the text encoder for transcripts; empty: what `AMBQ_ENCODER` names, else the installed one.
  public var encoder = ""
  /// How labels are written.
  public var labels = Labels()
  /// What of an input is kept beside its labels.
  public var keep = Keep()
  /// How arrivals are noticed.
  public var watch = Watch()
  /// How often trouble that passes is tried again.
  public var deferral = Deferral()
  /// How much space must be left.
  public var disk = Disk()
  /// How bundles are scored.
  public var scoring = Scoring()
  /// Which probes run after scoring.
  public var probes = Probes()
  /// How bundles are read.
  public var reader = Reader()
  /// `[limits]`.
  public var limits = Limits()
  /// `[metrics]`.
  public var metrics = Metrics()
  /// What is logged, and how.
  public var log = Log()
  /// How long bundles are kept.
  public var retention = Retention()
  /// How the daemon is watched over.
  public var daemon = Daemon()
  /// The nightly report.
  public var report = Report()
  /// Who is told of what.
  public var notify = Notify()

  /// `[keep]`.
  public struct Keep: Sendable, Equatable {
    /// Whether the words of utterances go into the index.
    public var text = true
  }

  /// `[labels]`.
  public struct Labels: Sendable, Equatable {
    /// What a bundle's label file looks like.
    public var layout = LabelLayout.tsv
    /// Other names of true emotions, each `name=class`.
    public var aliases: [String] = []

    /// Which of a model's classes a true emotion's name means.
    public var matching: EmotionMatching { (try? EmotionMatching(aliases: aliases)) ?? EmotionMatching() }
  }

  /// `[watch]`.
  public struct Watch: Sendable, Equatable {
    /// How arrivals are noticed.
    public enum Mode: String, CaseIterable, Sendable {
      /// The kernel's notices where the filesystem delivers them, else polling.
      case auto
      /// The kernel's notices.
      case inotify
      /// Looks at the whole folder again and again.
      case poll
    }
    /// How arrivals are noticed.
    public var mode = Mode.auto
    /// How long a file that was not renamed into place must stay unchanged before it is claimed.
    public var settleSeconds = 2.0
    /// Between two looks at the whole folder, besides the kernel's notices.
    public var rescanSeconds = 300.0
    /// Between two looks at the whole folder when polling.
    public var pollSeconds = 5.0
  }

  /// `[deferral]`: the first pause, what each next one is longer by, the longest, and when a bundle fails for good.
  public struct Deferral: Sendable, Equatable {
    /// Before the first further try.
    public var startSeconds = 5.0
    /// How much longer each further pause is.
    public var factor = 2.0
    /// The longest pause.
    public var limitSeconds = 600.0
    /// After this long a bundle fails for good.
    public var giveUpSeconds = 86_400.0
  }

  /// `[disk]`.
  public struct Disk: Sendable, Equatable {
    /// Nothing is claimed while the spool's filesystem has less space left than this.
    public var freeMebibytes = 64
  }

  /// `[scoring]`.
  public struct Scoring: Sendable, Equatable {
    /// 0 stands for all processors.
    public var threads = 0
    /// Whether bundles that do not name the extractors of their features are refused.
    public var strict = false
    /// The numbers that the linear layers of networks and text encoder multiply, where the processor has them.
    public var precision = Precision.single
  }

  /// `[probes]`.
  public struct Probes: Sendable, Equatable {
    /// Whether bundles are probed at all.
    public var enabled = true
    /// Which probes run.
    public var kinds = ProbePlan.standard.probes.sorted()
    /// Noise levels σ, rising, from 0.
    public var levels = ProbePlan.standard.levels
    /// Seeds of the noise.
    public var seeds = ProbePlan.standard.seeds
    /// Shares of the modalities that are left out at random, rising.
    public var missingRates = ProbePlan.standard.missingRates
    /// Share of each dialogue over which one modality is left out at a stretch.
    public var gapShare = ProbePlan.standard.gapShare
    /// With this many probes pending, only a share of further bundles is probed.
    public var backlog = 1000
    /// That share.
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

  /// `[reader]`.
  public struct Reader: Sendable, Equatable {
    /// Whether bundles are read in a process of their own, which a damaged file may crash.
    public var isolated = true
    /// 0 stands for no limit.
    public var timeLimitSeconds = 120.0
    /// 0 stands for no limit.
    public var memoryLimitMebibytes = 4096
  }

  /// `[limits]`: what one file may ask of the daemon.
  public struct Limits: Sendable, Equatable {
    /// Utterances of one file; 0 stands for no limit.
    public var utterances = 200_000
    /// Utterances of one dialogue; 0 stands for no limit.
    public var dialogueUtterances = 50_000
  }

  /// `[metrics]`.
  public struct Metrics: Sendable, Equatable {
    /// Where figures for Prometheus are written with each heartbeat; empty for nowhere.
    public var file = ""
  }

  /// `[log]`.
  public struct Log: Sendable, Equatable {
    /// How grave a message is.
    public enum Level: String, CaseIterable, Sendable {
      /// For finding faults in the daemon.
      case debug
      /// What happens to each bundle.
      case info
      /// What an operator may want to know.
      case notice
      /// What needs a look some time.
      case warning
      /// What needs a look now.
      case error
    }
    /// How a line is written.
    public enum Format: String, CaseIterable, Sendable {
      /// For people.
      case text
      /// `key=value` pairs.
      case logfmt
      /// A JSON object a line.
      case json
    }
    /// What is less grave is left out.
    public var level = Level.info
    /// How a line is written.
    public var format = Format.text
  }

  /// `[retention]`.
  public struct Retention: Sendable, Equatable {
    /// Bundles older than this are removed from `done`; 0 keeps them for ever.
    public var doneDays = 0
    /// Failed bundles and their reports are deleted after this many days; 0 keeps them.
    public var failedDays = 0
  }

  /// `[daemon]`.
  public struct Daemon: Sendable, Equatable {
    /// Between two signs of life in the index.
    public var heartbeatSeconds = 60.0
    /// With systemd's watchdog: how long one step may take before the daemon counts as hung.
    public var stallSeconds = 3600.0
  }

  /// `[notify]`: who is told of what, and how.
  public struct Notify: Sendable, Equatable {
    /// What somebody may be told of.
    public enum Kind: String, CaseIterable, Sendable {
      /// A night has been judged.
      case night
      /// A bundle failed.
      case failed
      /// The queue stands still, and that it goes on.
      case paused
    }
    /// The program that is run, with its arguments; empty for none.
    public var command: [String] = []
    /// The web address that is posted to; empty for none.
    public var webhook = ""
    /// Of what.
    public var events = Kind.allCases
    /// How long telling may take.
    public var timeLimitSeconds = 30.0
    /// How often it is tried.
    public var tries = 8
    /// Before the second try; each further pause is twice as long.
    public var retrySeconds = 10.0
    /// Between two messages.
    public var intervalSeconds = 60.0

    /// The defaults: nobody is told.
    public init() {}

    /// Whether anybody is told.
    public var isSet: Bool { !command.isEmpty || !webhook.isEmpty }
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

    /// The defaults.
    public init() {}

    // Limits. What a good night looks like differs for the first three, so that their defaults check nothing; the others
    // judge every night: 0.2 and 0.25 of divergence is a mix of labels that a person sees at a glance.
    /// A labelled night's weighted F1 must reach this.
    public var leastWeightedF1 = 0.0
    /// The mean confidence must reach this.
    public var leastConfidence = 0.0
    /// Share of labels that noise may flip.
    public var mostFlips = 1.0
    /// The largest Jensen–Shannon divergence of the labels from those of the seven nights before.
    public var mostDrift = 0.2
    /// The same from the labels of the training data.
    public var mostTrainingDrift = 0.25
    /// The largest share of bundles that fail.
    public var mostFailed = 0.2
    /// The largest share of utterances with a feature that is out of range or no number, in any one modality.
    public var mostUnhealthy = 0.1
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
