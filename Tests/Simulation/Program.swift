import Foundation

/// Simulates crashes and faults of the daemon: `simulation --from 0 --count 1000`, `--seed 17`, `--exhaustive`.
@main
enum Program {
  static func main() {
    do {
      exit(try run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
    } catch {
      print("simulation: \(error)")
      exit(70)
    }
  }

  private static func run(_ arguments: [String]) throws -> Bool {
    var values: [String: UInt64] = [:]
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard ["--from", "--count", "--most", "--seed", "--exhaustive"].contains(name) else {
        throw SimulationError("usage: simulation [--from N] [--count N] [--most FINDINGS] | --seed N | --exhaustive")
      }
      if name == "--exhaustive" {
        values[name] = 1
      } else {
        guard let number = rest.popFirst().flatMap({ UInt64($0) }) else {
          throw SimulationError("\(name) needs a number")
        }
        values[name] = number
      }
    }
    let memory =
      FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    let place = URL(fileURLWithPath: memory).appendingPathComponent("ambq-simulation-\(getpid())", isDirectory: true)
    let simulation = try Simulation(in: place)
    if values["--exhaustive"] != nil {
      var exhaustion = Exhaustion(simulation)
      return try exhaustion.run()
    }
    if let seed = values["--seed"] { return try replay(seed, simulation) }
    return try run(values["--from"] ?? 0, values["--count"] ?? 1000, most: values["--most"] ?? 50, simulation)
  }

  private static func run(_ first: UInt64, _ count: UInt64, most: UInt64, _ simulation: Simulation) throws -> Bool {
    let began = ContinuousClock.now
    var findings: UInt64 = 0
    var end = first + count
    var story: (number: UInt64, story: Simulation.Story)?
    for number in first..<first + count {
      let seed = Seed(number: number)
      let current: Simulation.Story
      if let story, story.number == seed.scenario {
        current = story.story
      } else {
        current = try simulation.record(Scenario(seed.scenario))
        story = (seed.scenario, current)
      }
      let finding: Simulation.Finding?
      do {
        finding = try seed.run(current, simulation)
      } catch {
        finding = Simulation.Finding(problems: ["the simulation stops: \(error)"], log: [])
      }
      guard let finding else { continue }
      findings += 1
      print("seed \(number): \(finding.problems.joined(separator: "; "))")
      fflush(nil)
      if findings == most {
        end = number + 1
        break
      }
    }
    let seconds =
      Double((ContinuousClock.now - began).components.attoseconds) * 1e-18
      + Double((ContinuousClock.now - began).components.seconds)
    print(
      "seeds \(first)..<\(end): \(findings) findings, \(simulation.runs) runs of the daemon, "
        + "\(Int((Double(end - first) / max(seconds, 0.001)).rounded())) seeds a second")
    return findings == 0
  }

  /// Runs one seed and tells everything.
  private static func replay(_ number: UInt64, _ simulation: Simulation) throws -> Bool {
    let seed = Seed(number: number) { print($0) }
    let story = try simulation.record(Scenario(seed.scenario))
    guard let finding = try seed.run(story, simulation) else {
      print("seed \(number): nothing found")
      return true
    }
    for line in finding.log { print("log\t\(line)") }
    for problem in finding.problems { print("seed \(number): \(problem)") }
    return false
  }
}
