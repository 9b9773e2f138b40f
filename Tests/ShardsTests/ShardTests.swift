import DialogueDomain
import Foundation
import OperatingSystem
import Testing

@testable import Shards

struct ShardTests {
  private func digest(_ number: Int) -> String { FileDigest.sha256(Data("input \(number)".utf8)) }

  @Test func everyInputIsInOneShard() throws {
    let shards = try (0..<7).map { try #require(Shard(number: $0, of: 7)) }
    for number in 0..<500 { #expect(shards.count { $0.holds(digest: digest(number)) } == 1) }
  }

  @Test func noShardIsEmptyOrHoldsMostOfManyInputs() throws {
    let counts = try (0..<8).map { number in
      let shard = try #require(Shard(number: number, of: 8))
      return (0..<4000).count { shard.holds(digest: digest($0)) }
    }
    #expect(counts.reduce(0, +) == 4000)
    // 500 each but for chance: five standard deviations are 105.
    #expect(counts.allSatisfy { (395...605).contains($0) })
  }

  @Test(arguments: ["8/8", "-1/8", "3/0", "3", "3/8/1", "a/8", "0/100001"])
  func whatIsNoShardIsRefused(_ text: String) {
    #expect(Shard(text) == nil)
    #expect(throws: ShardError.self) { try ShardChoice.shard(text, count: nil, environment: [:]) }
  }

  @Test func theCommandLineCountsBeforeTheScheduler() throws {
    let shard = try ShardChoice.shard("3/8", count: nil, environment: ["SLURM_ARRAY_TASK_ID": "5"])
    #expect(shard.description == "3/8" && shard.stem == "shard-00003-of-00008")
    #expect(try ShardChoice.shard(nil, count: nil, environment: [:]) == .whole)
    #expect(try ShardChoice.shard(nil, count: 1, environment: [:]) == .whole)
    #expect(throws: ShardError.self) { try ShardChoice.shard(nil, count: 2, environment: [:]) }
  }

  @Test(arguments: [
    ["SLURM_ARRAY_TASK_ID": "5"], ["JOB_COMPLETION_INDEX": "5"], ["HQ_TASK_ID": "5"], ["PARALLEL_SEQ": "6"],
    // One task of the array that was submitted again.
    [
      "SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_ARRAY_TASK_MIN": "5",
      "SLURM_ARRAY_TASK_MAX": "5",
    ],
  ])
  func theSchedulersTellTheNumber(_ environment: [String: String]) throws {
    #expect(try ShardChoice.shard(nil, count: 8, environment: environment).description == "5/8")
    #expect(throws: ShardError.self) { try ShardChoice.shard(nil, count: 5, environment: environment) }
  }

  @Test func aSlurmArrayWithoutGapsTellsTheCountToo() throws {
    func array(_ id: Int, _ span: ClosedRange<Int>, count: Int) -> [String: String] {
      [
        "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
        "SLURM_ARRAY_TASK_MIN": "\(span.lowerBound)", "SLURM_ARRAY_TASK_MAX": "\(span.upperBound)",
      ]
    }
    #expect(try ShardChoice.shard(nil, count: nil, environment: array(3, 1...8, count: 8)).description == "2/8")
    #expect(throws: ShardError.self) {
      try ShardChoice.shard(nil, count: nil, environment: array(3, 1...8, count: 4))
    }
    #expect(throws: ShardError.self) {
      try ShardChoice.shard(nil, count: nil, environment: ["JOB_COMPLETION_INDEX": "3"])
    }
  }
}
