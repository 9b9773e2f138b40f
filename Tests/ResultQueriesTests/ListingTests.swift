import DialogueDomain
import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

/// The sample with a bundle that failed, one that is put off, and one whose failure is settled.
private func sampleWithFailures() throws -> SampleIndex {
  let sample = try SampleIndex()
  let writer = try IndexWriter(sample.layout.index)
  try writer.recordFailure(
    FailureRecord(
      name: "broken's.h5", digest: String(repeating: "3c", count: 32), time: SampleIndex.evening + 60,
      explanation: Explanation(
        .data, "the feature width is not the model's", at: "broken's.h5: /text", found: "100", expected: "384",
        remedy: "Extract the text features again.")))
  try writer.recordFailure(
    FailureRecord(
      name: "copying.h5", digest: nil, state: .deferred, time: SampleIndex.evening + 120,
      explanation: Explanation(.io, "another process has the file open", at: "copying.h5")))
  try writer.recordFailure(
    FailureRecord(
      name: "mended.h5", digest: nil, time: SampleIndex.evening + 180, explanation: Explanation(.data, "it is empty")))
  try sample.record(writer, "mended.h5", digit: "4", [sample.utterance("x", 0, "Ross", "joy", 0.5)], after: 240)
  try writer.close()
  try sample.put("broken's.h5", in: sample.layout.failed)
  try sample.put("copying.h5", in: sample.layout.deferred)
  return sample
}

struct BundleListingTests {
  private func names(_ change: (inout BundleListing) -> Void = { _ in }) throws -> [String] {
    var listing = BundleListing()
    change(&listing)
    return try listing.entries(QueryPeriod(since: nil, until: nil), sampleWithFailures().reader).map(\.name)
  }

  @Test func scoringsAndFailuresAreOneListInTheOrderAskedFor() throws {
    #expect(try names() == ["friday.h5", "broken's.h5", "copying.h5", "mended.h5", "saturday.h5"])
    #expect(try names { $0.sort = "-time" } == ["saturday.h5", "mended.h5", "copying.h5", "broken's.h5", "friday.h5"])
    #expect(try names { $0.sort = "name" } == ["broken's.h5", "copying.h5", "friday.h5", "mended.h5", "saturday.h5"])
    #expect(try names { ($0.sort, $0.limit) = ("-utterances", 1) } == ["friday.h5"])
  }

  @Test func filtersCombine() throws {
    #expect(try names { $0.states = ["failed,deferred"] } == ["broken's.h5", "copying.h5"])
    #expect(try names { $0.bundles = ["*day.h5"] } == ["friday.h5", "saturday.h5"])
    // A failure has no model.
    #expect(try names { $0.models = ["meld-minilm"] } == ["friday.h5", "mended.h5", "saturday.h5"])
    #expect(throws: QueryError.self) { try names { $0.states = ["lost"] } }
  }

  @Test func everyFormatHoldsEveryBundle() throws {
    let sample = try sampleWithFailures()
    func text(_ format: OutputFormat) throws -> String {
      try printed(format) { console in
        let found = try BundleListing().write(QueryPeriod(since: nil, until: nil), sample.reader, on: console)
        #expect(found == 5)
      }
    }
    let rows = try objects(try text(.json))
    #expect(rows.count == 5 && Set(rows[0].keys) == Set(BundleListing.columns.columns.map(\.name)))
    #expect(rows[0]["state"] as? String == "scored" && rows[0]["utterances"] as? Int == 4)
    #expect(rows[0]["labelled"] as? Int == 3 && rows[0]["reason"] is NSNull && rows[0]["probe"] is NSNull)
    #expect(rows[1]["state"] as? String == "failed" && rows[1]["utterances"] is NSNull)
    #expect(
      rows[1]["reason"] as? String == "broken's.h5: /text: the feature width is not the model's; found 100; "
        + "expected 384. Extract the text features again.")
    let tsv = lines(try text(.tsv))
    #expect(tsv.count == 6 && !tsv[0].contains("bundle_title") && tsv[0].hasPrefix("bundle\tbundle_digest\tstate\t"))
    let table = lines(try text(.table))
    #expect(table[0].hasPrefix("BUNDLE") && table.last == "'ambq errors' tells how to mend what failed.")
  }
}

struct FailureListingTests {
  private func text(_ format: OutputFormat, _ change: (inout FailureListing) -> Void = { _ in }) throws -> String {
    let sample = try sampleWithFailures()
    var listing = FailureListing()
    change(&listing)
    let text = try printed(format) { console in
      _ = try listing.write(
        QueryPeriod(since: nil, until: nil), sample.reader, at: sample.location(), on: console)
    }
    return text.replacing(sample.layout.root.path, with: "/spool")
  }

  @Test func failuresTellTheWayBack() throws {
    let rows = try objects(try text(.json))
    #expect(rows.count == 2 && Set(rows[0].keys) == Set(FailureListing.columns.columns.map(\.name)))
    #expect(rows[0]["requeue"] as? String == "mv '/spool/failed/broken'\\''s.h5' /spool/incoming/")
    #expect(rows[0]["found"] as? String == "100" && rows[0]["kind"] as? String == "data")
    // The daemon tries again by itself.
    #expect(rows[1]["requeue"] is NSNull && rows[1]["file"] as? String == "/spool/deferred/copying.h5")
  }

  @Test func settledFailuresAreListedWhereAskedFor() throws {
    let rows = try objects(try text(.json) { $0.includesResolved = true })
    #expect(rows.map { $0["resolved"] as? Bool } == [false, false, true])
    #expect(rows[2]["file"] is NSNull && rows[2]["requeue"] is NSNull)
  }

  @Test func theTableIsAParagraphForEach() throws {
    let text = try text(.table) { $0.bundles = ["broken's.h5"] }
    #expect(lines(text)[0].hasPrefix("broken's.h5  failed  "))
    #expect(
      lines(text).dropFirst() == [
        "            the feature width is not the model's", "  at        broken's.h5: /text", "  found     100",
        "  expected  384", "  to do     Extract the text features again.",
        "  requeue   mv '/spool/failed/broken'\\''s.h5' /spool/incoming/",
      ])
    #expect(try self.text(.table).contains("  then      ambd tries again by itself\n"))
  }

  @Test func noneIsExplained() throws {
    var listing = FailureListing()
    let always = try QueryPeriod(since: nil, until: nil)
    #expect(listing.explanationOfNone(in: always) == "no bundle waits for mending")
    listing.bundles = ["x.h5"]
    #expect(listing.explanationOfNone(in: always) == "nothing found: no such bundle waits for mending")
    let future = try QueryPeriod(since: "tomorrow", until: nil)
    #expect(listing.explanationOfNone(in: future).hasPrefix("nothing found: --since lies in the future, on "))
  }
}
