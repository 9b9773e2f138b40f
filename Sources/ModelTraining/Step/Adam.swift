import Foundation
import Tensors

/// The Adam optimiser with coupled L2 over a set of parameters.
///
/// As in PyTorch, a parameter that got no gradient in a step is left as it is, and counts its own steps.
public final class Adam: Sendable {
  /// A parameter with its moments.
  struct Slot: Sendable {
    let parameter: Parameter
    let first: Matrix
    let second: Matrix
  }

  /// Decay of the running mean of gradients.
  public static let beta1 = 0.9
  /// Decay of the running mean of squared gradients.
  public static let beta2 = 0.999
  /// Added to the root of the second moment.
  public static let epsilon: Float = 1e-8

  let slots: [Slot]

  /// Moments start at zero.
  public init(_ parameters: [Parameter]) {
    slots = parameters.map { parameter in
      let value = parameter.value
      return Slot(
        parameter: parameter, first: Matrix(rows: value.rows, columns: value.columns),
        second: Matrix(rows: value.rows, columns: value.columns))
    }
  }

  /// How many updates each parameter has had, in the parameters' order.
  public struct Progress: Sendable, Hashable, Codable {
    /// One count for each parameter.
    public var steps: [Int]

    /// No updates yet.
    public init(parameters: Int) {
      steps = [Int](repeating: 0, count: parameters)
    }
  }

  /// Updates every parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - progress: counts the updates.
  ///   - gradients: parts of each parameter's gradient, summed in the order given; empty where there is none.
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func step(
    _ progress: inout Progress, rate: Double, l2: Double, threads: Int, gradients: [[Matrix]]
  ) throws {
    struct Task {
      let slot: Int
      let elements: Range<Int>
      let update: AdamUpdate
    }
    var tasks: [Task] = []
    for (index, slot) in slots.enumerated() where !gradients[index].isEmpty {
      progress.steps[index] += 1
      let steps = Double(progress.steps[index])
      let update = AdamUpdate(
        rate: Float(rate), l2: Float(l2), beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon,
        correction1: Float(1 - pow(Self.beta1, steps)), correction2: Float(1 - pow(Self.beta2, steps)))
      let count = slot.parameter.value.count
      for start in stride(from: 0, to: count, by: Self.elementsPerTask) {
        tasks.append(Task(slot: index, elements: start..<min(start + Self.elementsPerTask, count), update: update))
      }
    }
    let planned = tasks
    _ = try Parallel.map(count: planned.count, threads: threads) { [slots] index in
      let (task, slot) = (planned[index], slots[planned[index].slot])
      task.update.apply(
        to: slot.parameter.value, gradients: gradients[task.slot], first: slot.first, second: slot.second,
        elements: task.elements)
    }
  }

  private static let elementsPerTask = 1 << 17
}

/// How the learning rate changes over a training.
public enum LearningRateSchedule: String, Codable, CaseIterable, Sendable {
  /// The same rate in every step, as published.
  case constant
  /// A linear rise over the warm-up steps, then half a cosine down to zero at the last step.
  case cosine

  /// What to multiply the learning rate by in a step.
  ///
  /// - Parameters:
  ///   - step: from 0.
  ///   - steps: of the whole training.
  ///   - warmUp: steps of the rise.
  public func factor(step: Int, steps: Int, warmUp: Int) -> Double {
    switch self {
    case .constant: return 1
    case .cosine:
      if step < warmUp { return Double(step + 1) / Double(warmUp) }
      let progress = Double(step - warmUp) / Double(max(steps - warmUp, 1))
      return (1 + cos(.pi * min(progress, 1))) / 2
    }
  }
}
