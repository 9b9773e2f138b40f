import DialogueDomain

/// Which part of the list a task takes: what the command line says, else what the program that started the task says.
public enum ShardChoice {
  /// Where schedulers tell a task its number, and what the first task of one is called.
  private static let variables: [(name: String, first: Int)] = [
    ("SLURM_ARRAY_TASK_ID", 0), ("JOB_COMPLETION_INDEX", 0), ("HQ_TASK_ID", 0), ("PARALLEL_SEQ", 1),
  ]

  /// - Parameters:
  ///   - text: of `--shard`, such as `3/8`; it counts before everything else.
  ///   - count: of `--shards`; the number is then the scheduler's, as it stands. Tasks of an array that are submitted again
  ///     one by one keep theirs, whatever the new array's bounds.
  ///   - environment: a Slurm array tells the number of its tasks itself, and may begin anywhere.
  /// - Returns: the whole list where nobody says anything.
  /// - Throws: `ShardError` for a part that there is not, and for a count without a number.
  public static func shard(
    _ text: String?, count: Int?, environment: [String: String]
  ) throws(ShardError) -> Shard {
    if let text {
      guard let shard = Shard(text) else { throw .noShard(text) }
      return shard
    }
    let task = variables.lazy.compactMap { variable in
      environment[variable.name].flatMap { Int($0) }.map { (variable.name, $0 - variable.first) }
    }.first
    if let count {
      guard let (name, number) = task else {
        if count == 1 { return .whole }
        throw .noNumber(count)
      }
      guard let shard = Shard(number: number, of: count) else {
        throw .outside(name, found: environment[name] ?? "", count: count)
      }
      return shard
    }
    guard let (name, _) = task else { return .whole }
    guard name == "SLURM_ARRAY_TASK_ID" else { throw .noCount(name) }
    return try slurm(environment)
  }

  /// Only an array without gaps says by itself which parts there are.
  private static func slurm(_ environment: [String: String]) throws(ShardError) -> Shard {
    func number(_ part: String) -> Int? { environment["SLURM_ARRAY_TASK_\(part)"].flatMap { Int($0) } }
    guard let id = number("ID"), let count = number("COUNT"), let least = number("MIN"), let most = number("MAX"),
      most - least + 1 == count, let shard = Shard(number: id - least, of: count)
    else { throw .noCount("SLURM_ARRAY_TASK_ID") }
    return shard
  }
}

/// A list, a part of it or its results cannot be used.
public struct ShardError: ExplainedError {
  public let explanation: Explanation

  /// An error of these parts.
  public init(
    _ kind: Explanation.Kind, _ what: String, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }

  static func noShard(_ text: String) -> ShardError {
    ShardError(
      .usage, "there is no such shard", at: "--shard", found: text,
      expected: "i/N with i from 0 to N - 1 and N up to \(Shard.mostParts)")
  }

  static func noNumber(_ count: Int) -> ShardError {
    ShardError(
      .usage, "nothing says which of the \(count) shards this task takes", at: "--shards",
      remedy: "Run it as a task of Slurm, Kubernetes, HyperQueue or GNU parallel, or say --shard i/\(count).")
  }

  static func noCount(_ variable: String) -> ShardError {
    ShardError(
      .usage, "nothing says how many shards there are", at: variable,
      remedy: "Say --shards N: the number that all tasks share.")
  }

  static func outside(_ variable: String, found: String, count: Int) -> ShardError {
    let first = variable == "PARALLEL_SEQ" ? 1 : 0
    return ShardError(
      .usage, "the task's number is not that of a shard", at: variable, found: found,
      expected: "\(first) to \(count - 1 + first) (--shards \(count))",
      remedy: "Number the tasks so, or say --shard i/\(count).")
  }
}
