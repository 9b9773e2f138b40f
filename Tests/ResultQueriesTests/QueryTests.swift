import DialogueDomain
import Foundation
import Presentation
import ResultIndex
import Testing

@testable import ResultQueries

struct NameListTests {
  @Test(arguments: [
    (["a,b", "c"], ["a", "b", "c"]), (["Müller\\, Jörg,Ross"], ["Müller, Jörg", "Ross"]), (["a,,b,"], ["a", "b"]),
    (["a\\\\,b"], ["a\\\\", "b"]), (["A\\*"], ["A\\*"]), (["a\\b"], ["a\\b"]), (["end\\"], ["end\\"]), ([], []),
    ([""], []),
  ])
  func valuesAreSplitAtCommas(_ values: [String], _ expected: [String]) {
    #expect(NameList.split(values) == expected)
  }
}

struct EmotionNamesTests {
  private let names = EmotionNames(["neutral", "sadness", "anger", "joy"])

  @Test(arguments: [("anger", "anger"), ("ANGER", "anger"), ("Joy", "joy")])
  func caseDoesNotMatter(_ typed: String, _ expected: String) throws {
    #expect(try names.resolve(typed) == expected)
  }

  @Test(arguments: [("angre", "anger"), ("sad", "sadness"), ("angry", "anger")])
  func aMistypedNameIsCorrected(_ typed: String, _ meant: String) {
    #expect {
      try names.resolve(typed)
    } throws: { error in
      let explanation = (error as? QueryError)?.explanation
      return explanation?.kind == .usage && explanation?.what == "no model of this index knows the emotion '\(typed)'"
        && explanation?.expected == "one of neutral, sadness, anger, joy. Did you mean '\(meant)'?"
    }
  }

  @Test func anIndexWithoutModelsTakesAny() throws {
    #expect(try EmotionNames([]).resolve("whatever") == "whatever")
  }
}

struct SortTermTests {
  @Test func aMinusMeansDescending() throws {
    let up = try SortTerm<UtteranceOrder.Field>("confidence")
    let down = try SortTerm<UtteranceOrder.Field>("-time")
    #expect(up.field == .confidence && !up.descending && down.field == .time && down.descending)
  }

  @Test func anUnknownFieldNamesThoseThereAre() {
    #expect {
      try SortTerm<BundleQuery.Field>("-size")
    } throws: { error in
      let explanation = (error as? QueryError)?.explanation
      return explanation?.what == "--sort knows no field '-size'"
        && explanation?.expected == "time, name, utterances, seconds, each with '-' or without"
    }
  }
}

struct QueryPeriodTests {
  private let calendar: Calendar
  /// Tuesday, 24 November 2026, 12:00 UTC.
  private let now = Date(timeIntervalSince1970: 1_795_521_600)

  init() {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    self.calendar = calendar
  }

  @Test func theEndOfUntilCounts() throws {
    let period = try QueryPeriod(since: "yesterday", until: "yesterday", now: now, calendar: calendar)
    #expect(period.since.map(TimeText.iso) == "2026-11-23T00:00:00.000Z")
    #expect(period.until.map(TimeText.iso) == "2026-11-24T00:00:00.000Z")
    let open = try QueryPeriod(since: nil, until: nil, now: now, calendar: calendar)
    #expect(open.since == nil && open.until == nil)
  }

  @Test func anEmptyPeriodIsRefused() {
    #expect {
      try QueryPeriod(since: "today", until: "yesterday", now: now, calendar: calendar)
    } throws: { error in
      (error as? QueryError)?.explanation.found
        == "--since 2026-11-24T00:00:00.000Z --until 2026-11-24T00:00:00.000Z"
    }
  }

  @Test func aTextThatIsNoTimeIsRefusedWithExamples() {
    #expect {
      try QueryPeriod(since: nil, until: "soonish", now: now, calendar: calendar)
    } throws: { error in
      let explanation = (error as? QueryError)?.explanation
      return explanation?.what == "the time of --until cannot be read" && explanation?.found == "'soonish'"
        && explanation?.expected == "one of: \(TimeExpression.examples)"
    }
  }
}

struct TypedQueryTests {
  private func period() throws -> QueryPeriod { try QueryPeriod(since: nil, until: nil) }

  @Test func everyFilterReachesTheQuery() throws {
    var typed = UtteranceQuery()
    (typed.emotions, typed.excludedEmotions) = (["Joy,anger"], ["fear"])
    (typed.speakers, typed.dialogues, typed.bundles, typed.models) = (["a,b"], ["d"], ["x.h5"], ["m"])
    (typed.minimumConfidence, typed.maximumConfidence) = (0.25, 0.75)
    (typed.stabilityBelow, typed.maximumStability, typed.allModels) = (0.5, 0.9, true)
    let since = Date(timeIntervalSince1970: 0)
    let period = try QueryPeriod(since: "1970-01-01T00:00:00Z", until: nil)
    let query = try typed.resolved(period, known: ["joy", "anger", "fear"], sort: ["-confidence,time"])
    #expect(query.emotions == ["joy", "anger"] && query.excludedEmotions == ["fear"])
    #expect(query.speakers == ["a", "b"] && query.dialogues == ["d"] && query.bundles == ["x.h5"])
    #expect(query.models == ["m"] && query.since == since && query.until == nil && query.allModels)
    #expect(query.minimumConfidence == 0.25 && query.maximumConfidence == 0.75)
    #expect(query.stabilityBelow == 0.5 && query.maximumStability == 0.9)
    #expect(query.order == [UtteranceOrder(.confidence, descending: true), UtteranceOrder(.time)])
  }

  @Test func sharesOutsideZeroToOneAreRefused() throws {
    let changes: [(option: String, change: (inout UtteranceQuery) -> Void)] = [
      ("--min-confidence", { $0.minimumConfidence = 1.5 }), ("--max-confidence", { $0.maximumConfidence = -0.1 }),
      ("--max-stability", { $0.maximumStability = .nan }),
    ]
    for (option, change) in changes {
      var typed = UtteranceQuery()
      change(&typed)
      #expect {
        try typed.resolved(period(), known: [])
      } throws: { error in
        (error as? QueryError)?.explanation.what == "\(option) is not a share"
      }
    }
  }

  @Test func confidencesThatCrossAreRefused() throws {
    var typed = UtteranceQuery()
    (typed.minimumConfidence, typed.maximumConfidence) = (0.8, 0.2)
    #expect(throws: QueryError.self) { try typed.resolved(period(), known: []) }
  }
}

struct ResultLocationTests {
  private let nothing = ["AMBD_CONFIG": ""]

  private func location(
    spool: String? = nil, index: String? = nil, _ environment: [String: String] = [:]
  ) throws -> ResultLocation {
    try ResultLocation(spool: spool, index: index, environment: nothing.merging(environment) { $1 })
  }

  @Test func theCommandLineCountsBeforeTheEnvironment() throws {
    let variables = ["AMBQ_SPOOL": "/environment", "AMBQ_INDEX": "/environment/other.sqlite"]
    let spool = try location(spool: "/line", variables)
    #expect(spool.spool?.root.path == "/line" && spool.index.path == "/line/index.sqlite")
    let index = try location(index: "/line/i.sqlite", variables)
    #expect(index.spool == nil && index.index.path == "/line/i.sqlite")
    let environment = try location(variables)
    #expect(environment.spool?.root.path == "/environment" && environment.index.path == "/environment/other.sqlite")
  }

  @Test func anEmptyVariableIsNone() throws {
    let empty = try location(["AMBQ_SPOOL": "", "AMBQ_INDEX": "", "AMBD_SPOOL": "/configured"])
    #expect(empty.spool?.root.path == "/configured")
  }

  @Test func settingsAreThoseConfiguredWhereverTheIndexLies() throws {
    #expect(
      try location(index: "/i.sqlite", ["AMBD_DAEMON_HEARTBEAT_SECONDS": "900"]).settings.daemon.heartbeatSeconds == 900
    )
    #expect(try location(spool: "/s", ["AMBD_DAEMON_HEARTBEAT_SECONDS": "900"]).settings.daemon.heartbeatSeconds == 900)
    // Where only the index is asked for, a configuration that cannot be read is no obstacle.
    let broken = try location(index: "/i.sqlite", ["AMBD_DAEMON_HEARTBEAT_SECONDS": "often"])
    #expect(broken.settings.daemon.heartbeatSeconds == 60)
  }
}

struct CommandNamesTests {
  private let names = CommandNames(of: "ambq", ["list", "show", "speakers", "dialogues"])

  @Test(arguments: [[], ["list"], ["list", "lst"], ["help"], ["help", "show"], ["--help"], ["--version", "lst"]])
  func whatExistsPasses(_ arguments: [String]) throws {
    try names.check(arguments)
  }

  @Test(arguments: [
    (["lst", "--limit", "1"], "there is no command 'lst'. Did you mean 'list'? 'ambq --help' lists them."),
    (["speaker"], "there is no command 'speaker'. Did you mean 'speakers'? 'ambq --help' lists them."),
    (["dia"], "there is no command 'dia'. Did you mean 'dialogues'? 'ambq --help' lists them."),
    (["help", "sow"], "there is no command 'sow'. Did you mean 'show'? 'ambq --help' lists them."),
    (["frobnicate"], "there is no command 'frobnicate'. 'ambq --help' lists them."),
  ])
  func whatDoesNotIsAnsweredWithWhatWasMeant(_ arguments: [String], _ message: String) {
    let error = #expect(throws: QueryError.self) { try names.check(arguments) }
    #expect(error?.explanation.message == message)
  }
}

struct FilterTextTests {
  @Test func everyFilterIsToldAsItIsTyped() throws {
    var query = UtteranceQuery(since: Date(), allModels: true)
    #expect(query.typed().isEmpty)
    (query.emotions, query.excludedEmotions, query.setEmotions) = (["joy", "anger"], ["fear"], ["joy"])
    (query.speakers, query.dialogues) = (["Müller, Jörg"], ["it's"])
    (query.bundles, query.models) = (["a*.h5"], ["m"])
    (query.minimumConfidence, query.maximumConfidence, query.maximumStability) = (0.5, 1, 0.25)
    (query.stabilityBelow, query.isUncertain) = (0.5, true)
    query.words = WordPattern("refund* \"my money\"")
    #expect(
      query.typed(words: "refund* \"my money\"") == """
        --emotion joy,anger --not-emotion fear --speaker 'Müller\\, Jörg' --dialogue 'it'\\''s' \
        --text 'refund* "my money"' --bundle 'a*.h5' --min-confidence 0.5 --max-confidence 1.0 --unstable \
        --max-stability 0.25 --uncertain --in-set joy --model m
        """)
    query.isUncertain = false
    #expect(query.typed().contains(" --certain "))
  }
}
