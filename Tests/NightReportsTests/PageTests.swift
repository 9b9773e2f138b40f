import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import Presentation
import ResultIndex
import Testing

@testable import NightReports

struct PageTests {
  private func page(_ data: NightData) -> ReportPage {
    NightReport(NightSources(period: SimulatedNight.period(), night: data)).page
  }

  private func data(_ change: (inout SimulatedNight) -> Void = { _ in }) throws -> NightData {
    var night = SimulatedNight(bundles: 2, dialogues: 2, turns: 5)
    night.probes.plan = try smallPlan()
    change(&night)
    return night.data
  }

  private func opening(_ page: ReportPage) -> [String] { page.opening.map(\.title) }

  private func titles(_ page: ReportPage) -> [String] { page.sections.map(\.title) }

  @Test func aLabelledNightAnswersEveryQuestion() throws {
    var data = try data()
    data.failures = SimulatedNight.failures
    #expect(
      titles(page(data)) == [
        "At a glance", "Emotions", "Work done", "What failed", "Drift of the labels", "Agreement with the truth",
        "Noise",
        "Noise on several modalities", "Which modality matters", "Unequal fusion weights",
        "When a modality is missing", "Confidence and how far it is deserved", "Health of the features",
        "Least stable dialogues", "What this was made of",
      ])
  }

  @Test func withoutTruthFlipsTakeThePlaceOfF1() throws {
    let page = page(try data { $0.probes.isLabelled = false })
    #expect(!titles(page).contains("Agreement with the truth"))
    #expect(titles(page).contains("Confidence"))
    let text = page.text()
    #expect(text.contains("Labels changed by noise"))
    #expect(!text.contains("Weighted F1"))
    #expect(text.contains("how many labels are right is not known"))
    #expect(!text.lowercased().contains("calibration"))
  }

  @Test func aNightWithoutAnythingStillReads() {
    let page = page(NightData())
    #expect(titles(page) == ["At a glance", "Emotions", "Work done", "What this was made of"])
    #expect(opening(page) == ["What was said to be felt", "What failed", "What is unusual"])
    #expect(page.html.contains("Nothing arrived in this period."))
  }

  @Test func aNightNotProbedYetSaysSoAndNamesTheBundles() throws {
    var data = try data { $0.probing = .pending }
    data.probes = []
    let text = page(data).text(width: 200)
    #expect(text.contains("No bundle of this model has been probed"))
    #expect(text.contains("Not probed yet: bundle-0.h5, bundle-1.h5."))
  }

  @Test func onlyFailuresAreListedWithTheirRemedies() {
    var data = NightData()
    data.failures = SimulatedNight.failures
    let text = page(data).text()
    #expect(text.contains("Extract the text features again"))
    #expect(text.contains("settled since"))
  }

  @Test func oneClassAndOneUtteranceGiveAPage() throws {
    let page = page(
      try data {
        $0.bundles = 1
        $0.dialogues = 1
        $0.turns = 1
        $0.probes.emotions = EmotionSet(["neutral"])
        $0.probes.weights = [1]
        $0.trainingLabels = [5]
      })
    #expect(page.text(width: 500).contains("One dialogue is too few for a band."))
    #expect(!page.html.contains("nan") && !page.html.contains("inf%"))
  }

  @Test func twoModalitiesMakeALineOfTheSimplexAndOneMakesNoMap() throws {
    let two = page(try data { $0.probes.strengths = [.text: 2, .audio: 1] })
    #expect(two.html.contains("weight of text"))
    let one = page(try data { $0.probes.strengths = [.text: 2] })
    #expect(!titles(one).contains("Noise on several modalities"))
    #expect(!titles(one).contains("Which modality matters"))
  }

  @Test func theHTMLNeedsNothingFromElsewhere() throws {
    let html = page(try data()).html
    #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("@import") && !html.contains("url("))
    let addresses = html.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
    // Within the page, and to what lies beside it.
    let beside = /index\.html|[0-9-]+-conversation-[1-5]\.html/
    #expect(addresses.allSatisfy { $0.hasPrefix("#") || $0.wholeMatch(of: beside) != nil })
    let pictures = html.components(separatedBy: "<svg ").dropFirst()
    #expect(pictures.count > 10)
    #expect(pictures.allSatisfy { $0.prefix(200).contains("role=\"img\" aria-label=\"") })
    #expect(html.contains("prefers-color-scheme: dark") && html.contains("@media print"))
    #expect(html.contains("name=\"viewport\""))
  }

  @Test func whatIsForTheAnalystIsFoldedAndEveryLinkLeadsSomewhere() throws {
    let html = page(try data()).html
    let fold = try #require(html.range(of: "<details class=\"analyst\" id=\"analyst\">\n<summary>For the analyst"))
    #expect(html[..<fold.lowerBound].contains("id=\"conversation-5\"") && !html.contains("<details open"))
    #expect(html[fold.upperBound...].contains("Jensen–Shannon"))
    let targets = Set(html.matches(of: /\sid="([^"]*)"/).map { String($0.1) })
    let links = html.matches(of: /href="#([^"]*)"/).map { String($0.1) }
    #expect(links.allSatisfy(targets.contains) && links.contains("conversation-1") && links.contains("conversations"))
    #expect(targets.count == html.matches(of: /\sid="/).count)
  }

  @Test func aConversationShowsWhoSaidWhatAndHowSureItsEmotionIs() throws {
    let html = page(try data()).html.replacing("&nbsp;", with: " ")
    #expect(html.contains("0. Rachel") && html.contains("You never told me!") && html.contains("unsure, 35 %"))
    #expect(html.contains("no label") && html.contains("There are no words to show"))
    // Of the long one, paper and terminals show the twelve that count most.
    #expect(html.contains("which is all that paper and terminals show") && html.contains("class=\"minor\""))
  }

  @Test func manyReasonsOfFailureAreNotAllListed() {
    var data = NightData()
    data.failures = (0..<12).map { number in
      FailureRecord(
        name: "b.h5", digest: nil, time: SimulatedNight.start, explanation: Explanation(.data, "reason \(number)"))
    }
    let text = page(data).text(width: 300)
    #expect(text.contains("And 4 other reasons"))
  }

  @Test func namesOutOfBundlesAreNoMarkupAndSteerNoTerminal() throws {
    var data = try data()
    data.scorings[0].title = "<script>alert(1)</script>|*x*\u{1B}[31m.h5"
    data.scorings[0].probing = .pending
    data.speakers.append(SpeakerLabels(speaker: "<b>Eve</b>", counts: ["joy": 1000]))
    let page = page(data)
    #expect(!page.html.contains("<script") && !page.html.contains("<b>Eve"))
    #expect(page.html.contains("&lt;script&gt;"))
    #expect(!page.markdown.contains("<script"))
    #expect(page.markdown.contains("\\*x\\*"))
    #expect(!page.text().contains("\u{1B}"))
  }

  @Test func everyTableIsRectangular() throws {
    var data = try data()
    data.failures = SimulatedNight.failures
    let page = page(data)
    for section in page.opening + page.sections {
      for block in section.blocks {
        let tables: [DataTable] =
          switch block {
          case .table(let table): [table]
          case .pictures(_, let instead): instead
          default: []
          }
        for table in tables {
          #expect(table.rows.allSatisfy { $0.count == table.header.count }, "\(section.title): \(table.caption)")
        }
      }
    }
  }

  @Test func paragraphsFitTheTerminal() throws {
    var data = try data()
    data.conversations = []
    let lines = page(data).text(width: 60).split(separator: "\n")
    // Tables are as wide as they need; sentences are not.
    #expect(lines.filter { $0.contains(". ") }.allSatisfy { $0.count <= 60 })
  }
}

struct ShadeRangeTests {
  @Test func smallDifferencesStaySmallAndLargeOnesFillTheRange() {
    let narrow = ShadeRange([0.50, 0.52])
    #expect((narrow.shade(0.52) - 1).magnitude < 1e-12 && (narrow.shade(0.50) - 0.8).magnitude < 1e-12)
    let wide = ShadeRange([0.2, 0.8])
    #expect(wide.shade(0.2) == 0 && wide.shade(0.8) == 1)
    #expect(ShadeRange([0, 0]).shade(0) == 0)
  }
}
