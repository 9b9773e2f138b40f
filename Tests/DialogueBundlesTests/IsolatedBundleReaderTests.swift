import DialogueDomain
import Foundation
import TestFolders
import Testing
import Transcripts

@testable import DialogueBundles

/// Reading in a child process: the same answers, and nothing that happens to the child harms the parent.
struct IsolatedBundleReaderTests {
  private let folder: TemporaryFolder
  private let program: URL

  init() throws {
    folder = try TemporaryFolder()
    program = try ChildProgram.locate()
  }

  /// A good bundle; `bundle-reader` does what the name says before it reads one.
  private func bundleFile(_ name: String = "friday.h5") throws -> URL {
    try folder.write(try BundleFixture().content(), to: name)
  }

  private func refusal(_ reader: IsolatedBundleReader, _ name: String = "friday.h5") throws -> BundleError {
    let file = try bundleFile(name)
    return try #require(throws: BundleError.self) { try reader.read(file) }
  }

  /// What is said of a file that has its reader do something.
  private func refusal(_ misbehaviour: String, limits: IsolatedBundleReader.Limits = .init()) throws -> BundleError {
    let reader = IsolatedBundleReader(executable: program, limits: limits)
    let error = try refusal(reader, "\(misbehaviour).h5")
    // The next file is read all the same.
    #expect(try IsolatedBundleReader(executable: program).read(bundleFile()).bundle.utterances.count == 5)
    return error
  }

  @Test func readsWhatTheReaderInThisProcessReads() throws {
    var fixture = BundleFixture()
    fixture.columns["/visual"] = .floats([1, 2, .nan, .nan, 3, 4, 5, 6, 7, 8], [5, 2])
    fixture.columns["/utterance/start"] = .doubles([0, .nan, 2, 3, 4])
    fixture.columns["/utterance/end"] = .doubles([1, .nan, 3, 4, 5])
    let file = try folder.write(try fixture.content(), to: "friday.h5")
    let here = try BundleReader().read(file)
    let reader = IsolatedBundleReader(executable: program)
    for _ in 0..<3 {
      let there = try reader.read(file)
      #expect(there.digest == here.digest)
      #expect(there.byteCount == here.byteCount)
      #expect(there.bundle.dataset == here.bundle.dataset)
      #expect(there.bundle.extractors == here.bundle.extractors)
      #expect(there.bundle.emotions == here.bundle.emotions)
      #expect(there.bundle.dialogues == here.bundle.dialogues)
      #expect(there.bundle.utterances == here.bundle.utterances)
      #expect(there.bundle.features == here.bundle.features)
    }
  }

  /// More rows than a part has, and more bytes than are read at once; every 700th row lacks the text.
  private func largeFile(compression: Int) throws -> (file: URL, bundle: FeatureBundle) {
    let (rows, width) = (6000, 500)
    let missing = (0..<rows).map { $0 % 700 == 3 }
    let values = (0..<rows * width).map { missing[$0 / width] ? 0 : Float(($0 &* 2_654_435_761) % 1009) / 64 }
    let bundle = FeatureBundle(
      dialogues: (0..<rows / 20).map { Dialogue(id: "d\($0)", rows: $0 * 20..<($0 + 1) * 20) },
      utterances: (0..<rows).map { Utterance(id: "u\($0)", speaker: "s\($0 % 3)") },
      features: [
        .text: FeatureTable(width: width, values: values, missing: missing),
        .audio: FeatureTable(
          width: 1, values: (0..<rows).map(Float.init), missing: [Bool](repeating: false, count: rows)),
      ])
    let file = folder["large-\(compression).h5"]
    try BundleWriter(compression: compression).write(bundle, to: file)
    return (file, bundle)
  }

  @Test(arguments: [0, 1])
  func aLargeBundleComesPartByPart(compression: Int) throws {
    let (file, bundle) = try largeFile(compression: compression)
    let opened = try IsolatedBundleReader(executable: program).open(file)
    #expect(opened.parts.count > 1 && opened.outline.dialogues == bundle.dialogues)
    #expect(opened.outline.features[.text]?.missing == bundle.features[.text]?.missing)
    var row = 0
    while let part = try opened.next() {
      let rows = row..<row + part.utterances.count
      #expect(part.firstRow == row && part.utterances == Array(bundle.utterances[rows]))
      #expect(part.features == bundle.features.mapValues { $0.rows(rows) })
      row = rows.upperBound
    }
    #expect(row == bundle.utterances.count && opened.isRead)
    // Whole, in this process and in the other.
    #expect(try BundleReader().read(file).bundle.features == bundle.features)
    #expect(try IsolatedBundleReader(executable: program).read(file).bundle.features == bundle.features)
  }

  @Test(arguments: [(SIGSEGV, BundleError.Fault.readerCrashed), (SIGKILL, .readerKilled)])
  func aChildThatDiesInTheMidstOfABundle(signal: Int32, fault: BundleError.Fault) throws {
    let file = try largeFile(compression: 0).file
    let (opened, reader) = try IsolatedBundleReader(executable: program).start(file)
    // It waits for somebody to take the first part, which is larger than a socket holds.
    kill(try #require(reader.processNumber), signal)
    let error = try #require(throws: BundleError.self) { try opened.next() }
    #expect(error.fault == fault && error.description.hasPrefix("large-0.h5: "))
    #expect(reader.processNumber == nil && !opened.isRead)
  }

  @Test func whoStopsTakingPartsLeavesNoChild() throws {
    let file = try largeFile(compression: 0).file
    let process: pid_t
    do {
      let (opened, reader) = try IsolatedBundleReader(executable: program).start(file)
      process = try #require(reader.processNumber)
      try opened.prepare()
      #expect(opened.byteCountReady > 0 && !opened.isRead)
    }
    #expect(waitpid(process, nil, WNOHANG) == -1 && errno == ECHILD)
  }

  @Test func aValueThatIsNoNumberBeyondTheFirstBandIsFoundBeforeAnyPart() throws {
    let (rows, width) = (6000, 500)
    var fixture = BundleFixture()
    var values = [Float](repeating: 1, count: rows * width)
    values[5999 * width + 7] = .infinity
    fixture.columns["/text"] = .floats(values, [rows, width])
    fixture.columns["/audio"] = nil
    fixture.columns["/label"] = nil
    fixture.columns["/speaker"] = .integers([Int64](repeating: 1, count: rows), [rows])
    fixture.columns["/dialogue/offset"] = .integers([0, 3000, Int64(rows)], [3])
    let file = try folder.write(try fixture.content(), to: "spoilt.h5")
    let error = try #require(throws: BundleError.self) { try IsolatedBundleReader(executable: program).open(file) }
    #expect(error.fault == .notFinite && error.description.contains("/text row 5999 column 7"))
  }

  @Test func transcriptsAreReadAsInThisProcess() throws {
    let file = try folder.write("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Where is it?\n", to: "talk.vtt")
    let here = try BundleReader().read(file)
    let there = try IsolatedBundleReader(executable: program).read(file)
    #expect(there.transcript == here.transcript && there.transcript?.format == "webvtt")
    #expect(there.digest == here.digest && there.bundle.features.isEmpty)
    #expect(there.bundle.utterances == here.bundle.utterances)
    #expect(
      there.bundle.utterances == [
        Utterance(id: "talk#0", speaker: "Anna", start: 1, end: 2, text: "Where is it?")
      ])
  }

  @Test func aTranscriptBeyondItsLimitIsCalledOne() throws {
    let file = try folder.write("WEBVTT\n", to: "long.vtt")
    // A hole: the size counts before anything is read.
    #expect(truncate(file.path, off_t(TranscriptLimits().bytes + 1)) == 0)
    let error = try #require(throws: BundleError.self) { try IsolatedBundleReader(executable: program).read(file) }
    #expect(error.fault == .transcript && error.explanation.what == "the transcript is larger than the limit")
  }

  @Test func aBadTranscriptIsRefusedWithItsPlace() throws {
    let file = try folder.write("{\"a\": [1,}", to: "talk.json")
    let error = try #require(throws: BundleError.self) { try IsolatedBundleReader(executable: program).read(file) }
    #expect(error.fault == .transcript && !error.isTransient)
    #expect(error.explanation.location?.hasPrefix("talk.json") == true)
  }

  @Test func refusesWithTheSameWords() throws {
    let file = try bundleFile()
    _ = try folder.write(Data(String(repeating: "0", count: 64).utf8), to: "friday.h5.sha256")
    let reader = IsolatedBundleReader(executable: program)
    let here = try #require(throws: BundleError.self) { try BundleReader().read(file) }
    let there = try #require(throws: BundleError.self) { try reader.read(file) }
    #expect(there == here)
    #expect(there.fault == .digestMismatch)
    let missing = folder["monday.h5"]
    #expect(
      try #require(throws: BundleError.self) { try reader.read(missing) }
        == #require(throws: BundleError.self) { try BundleReader().read(missing) })
  }

  @Test func transientFaultsStayTransient() throws {
    let file = try bundleFile()
    let descriptor = open(file.path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let error = try refusal(IsolatedBundleReader(executable: program))
    #expect(error.fault == .stillBeingWritten && error.isTransient)
  }

  @Test func sizeLimitReachesTheChild() throws {
    var limits = IsolatedBundleReader.Limits()
    limits.size = 100
    let error = try refusal(IsolatedBundleReader(executable: program, limits: limits))
    #expect(error.fault == .tooLarge)
  }

  @Test(arguments: [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE])
  func crashOfTheLibrary(_ signal: Int32) throws {
    let error = try refusal("signal-\(signal)")
    #expect(error.fault == .readerCrashed)
    #expect(!error.isTransient)
    #expect(error.description.hasPrefix("signal-\(signal).h5: the HDF5 library crashed on this file; found "))
    #expect(error.description.hasSuffix("The file is damaged: copy it again, or write it again."))
  }

  @Test func tooMuchProcessorTime() throws {
    let error = try refusal("signal-\(SIGXCPU)")
    #expect(error.fault == .readerTooSlow)
    #expect(!error.isTransient)
    #expect(
      error.description
        == "signal-\(SIGXCPU).h5: the file takes too long to read; found more than 10 s of processor time; "
        + "expected less. The file may be damaged. If not, split it, or write it with less compression.")
  }

  @Test func childThatNeverAnswers() throws {
    var limits = IsolatedBundleReader.Limits()
    limits.waitSeconds = 0.05
    let error = try refusal("sleep", limits: limits)
    #expect(error.fault == .readerStalled)
    #expect(error.isTransient)
    #expect(
      error.description == "sleep.h5: reading the file did not end in time; found no result after 0.05 s; "
        + "expected a result. Check the disk or the network the file lies on; it is tried again.")
  }

  @Test func childThatIsKilledFromOutside() throws {
    let error = try refusal("signal-\(SIGKILL)")
    #expect(error.fault == .readerKilled)
    #expect(error.isTransient)
    #expect(
      error.description
        == "signal-\(SIGKILL).h5: the process that reads the file was stopped from outside; found Killed. "
        + "Check whether the machine ran out of memory; it is tried again.")
  }

  @Test func childThatCannotStart() throws {
    let missing = IsolatedBundleReader(executable: folder["nothing"])
    let error = try refusal(missing)
    #expect(error.fault == .readerUnavailable)
    #expect(error.isTransient)
    #expect(error.description.hasPrefix("friday.h5: no process to read the file could be started; found "))
    #expect(error.description.contains("No such file or directory"))
    #expect(try refusal("exit-127").explanation.found == "exit code 127")
  }

  @Test(arguments: ["", "nonsense", "nonsense that is longer than a header, and nothing like one"])
  func childThatAnswersNonsense(_ answer: String) throws {
    let error = try refusal("answer-\(answer)")
    #expect(error.fault == .readerGarbled)
    #expect(error.description.contains(": the process that read the file answered nonsense; found "))
  }

  @Test func deathOfWhatForksIsHarmless() throws {
    let file = try bundleFile()
    let reader = IsolatedBundleReader(executable: program)
    _ = try reader.read(file)
    kill(try #require(reader.forkerProcess), SIGKILL)
    for _ in 0..<3 { #expect(try reader.read(file).bundle.utterances.count == 5) }
  }

  @Test func nothingIsLeftBehind() throws {
    let file = try bundleFile()
    for (name, count, failures) in [(file.path, 5, 0), (folder["missing.h5"].path, 3, 3)] {
      let process = Process()
      let output = Pipe()
      process.executableURL = program
      process.arguments = [name, "\(count)"]
      process.standardOutput = output
      try process.run()
      let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      #expect(text == "\(failures) failures, 0 descriptors, no children left\n")
    }
  }

  @Test func severalThreadsReadAtOnce() async throws {
    let file = try bundleFile()
    let digest = try BundleReader().read(file).digest
    let reader = IsolatedBundleReader(executable: program)
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<6 {
        group.addTask { try reader.read(file).digest }
      }
      for try await read in group { #expect(read == digest) }
    }
  }

  @Test func largeFilesAreGrantedMoreTime() throws {
    let file = folder["large.h5"]
    #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
    #expect(truncate(file.path, 95 << 20) == 0)
    let limits = IsolatedBundleReader.Limits().extended(for: file)
    #expect(limits.processorSeconds == 19)
    #expect(limits.waitSeconds == 69)
    #expect(IsolatedBundleReader.Limits().extended(for: folder["missing.h5"]) == IsolatedBundleReader.Limits())
  }

  @Test func otherProgramsAreNoChildren() {
    #expect(ReaderProgram(arguments: ["ambd"]) == nil)
    #expect(ReaderProgram(arguments: ["ambd", "--once", "--read-bundle"]) == nil)
    let program = ReaderProgram(arguments: ["ambd", "--read-bundle", "1000", "7"])
    #expect(program?.limits.size == 1000)
    #expect(program?.limits.processorSeconds == 7)
    #expect(program?.arguments == ["--read-bundle", "1000", "7"])
  }
}
