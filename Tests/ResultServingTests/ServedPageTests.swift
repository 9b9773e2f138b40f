import Foundation
import Testing

@testable import ResultServing

/// The pages, and the files of the nights among which they lie.
struct ServedPageTests {
  private let sample: ServedSample
  init() throws { sample = try ServedSample() }

  @Test func theFirstPageLeadsToEveryDialogue() throws {
    let html = try sample.answer("/").text
    let links = html.matches(of: /href="(\/dialogue[^"]*)"/).map { String($0.1).replacing("&amp;", with: "&") }
    #expect(links.count == 2)
    for link in links {
      let page = try sample.answer(link)
      #expect(page.status == .ok)
      #expect(try page.text.contains("href=\"/\""))
    }
    #expect(!html.contains("<c>"))
    #expect(!html.contains("\u{202E}"))
  }

  @Test func aDialogueThatIsNotOneIsRefused() throws {
    #expect(try sample.answer("/dialogue?dialogue=nobody").status == .notFound)
    #expect(try sample.answer("/dialogue?dialogue=*").status == .badRequest)
    #expect(try sample.answer("/dialogue").status == .badRequest)
  }

  @Test func filesOfTheNightsAreServedAsTheyLie() throws {
    try sample.folder.write("<p>nights</p>", to: "reports/night/index.html")
    try sample.folder.write("# night", to: "reports/night/2026-11-24.md")
    #expect(try sample.answer("/nights/").text == "<p>nights</p>")
    let night = try sample.answer("/nights/2026-11-24.md")
    #expect(try night.text == "# night")
    #expect(night.field("Content-Type") == "text/markdown; charset=utf-8")
    #expect(try sample.answer("/nights/2026-11-25.md").status == .notFound)
  }

  @Test(arguments: [
    "../../index.sqlite", "..%2f..%2findex.sqlite", "%2e%2e/%2e%2e/index.sqlite", "link.html", "folder.html", ".html",
    "secret.txt", "a/b.html", "index.html/", "..", "pipe.html",
  ])
  func nothingElseCanBeReached(_ name: String) throws {
    let nights = sample.layout.nightReports
    try sample.folder.write("secret", to: "reports/night/secret.txt")
    try FileManager.default.createSymbolicLink(
      at: nights.appendingPathComponent("link.html"), withDestinationURL: sample.layout.index)
    try FileManager.default.createDirectory(
      at: nights.appendingPathComponent("folder.html"), withIntermediateDirectories: false)
    #expect(mkfifo(nights.appendingPathComponent("pipe.html").path, 0o600) == 0)
    #expect(try sample.answer("/nights/\(name)").status == .notFound)
  }

  @Test func beforeTheFirstNightThatIsSaid() throws {
    let answer = try sample.answer("/nights/")
    #expect(answer.status == .notFound)
    #expect(try answer.error["what"] as? String == "no night has a report yet")
    #expect(try sample.answer("/").text.contains("No night has a report yet."))
  }

  @Test func aBrowserGetsErrorsAsPages() throws {
    let answer = try sample.answer(
      ServedRequest(target: "/dialogue?dialogue=<i>x", hosts: ["localhost"], acceptsPages: true))
    #expect(answer.status == .notFound)
    #expect(answer.field("Content-Type") == "text/html; charset=utf-8")
    #expect(try !answer.text.contains("<i>"))
  }

  @Test func theFileForABrowserIsItsUsersAlone() throws {
    var page: AddressPage? = try AddressPage("http://127.0.0.1:1/?token=a&b=c")
    let url = try #require(page?.url)
    #expect(try String(contentsOf: url, encoding: .utf8).contains("url=http://127.0.0.1:1/?token=a&amp;b=c"))
    let folder = try FileManager.default.attributesOfItem(atPath: url.deletingLastPathComponent().path)
    #expect((folder[.posixPermissions] as? Int) == 0o700)
    page = nil
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }
}
