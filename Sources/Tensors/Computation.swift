import CKernels
import DialogueDomain

/// One run of the network: the operations, and whether they are recorded for gradients, dropped out or traced.
///
/// The network is written once against these operations. Without a tape nothing is kept and memory is reused as values
/// go out of use; with one, every operation leaves its way back. A computation belongs to one
/// thread; within an operation it may take more.
public final class Computation {
  let pool: BufferPool
  let tape: GradientTape?
  let tracing: Trace?
  var dropoutSource: DropoutSource?
  let kernels: Kernels
  let loops: ck_kernels
  let threads: Int
  let precision: Precision

  /// - Parameters:
  ///   - precision: of products by frozen parameters.
  ///   - threads: that one long segment's self-attention may be spread over; the result does not depend on it.
  ///   - tape: records the way back; nil for inference.
  ///   - dropout: the masks' source; nil in evaluation mode.
  ///   - trace: collects intermediate values that the network names.
  public convenience init(
    pool: BufferPool = BufferPool(), precision: Precision = .single, threads: Int = 1, tape: GradientTape? = nil,
    dropout: DropoutSource? = nil, trace: Trace? = nil
  ) {
    self.init(
      kernels: .current, precision: precision, pool: pool, threads: threads, tape: tape, dropout: dropout, trace: trace)
  }

  /// A computation on a given build of the loops.
  init(
    kernels: Kernels, precision: Precision = .single, pool: BufferPool, threads: Int = 1, tape: GradientTape?,
    dropout: DropoutSource?, trace: Trace?
  ) {
    self.kernels = kernels
    self.precision = precision
    self.threads = threads
    loops = kernels.loops
    self.pool = pool
    self.tape = tape
    tracing = trace
    dropoutSource = dropout
  }

  /// An input: no gradient is computed for it.
  public func input(_ value: Matrix) -> Variable {
    Variable(value, requiresGradient: false, pool: pool)
  }

  /// A variable whose gradient is wanted although it is no parameter, such as where one tape ends and the next begins.
  public func leaf(_ value: Matrix) -> Variable {
    Variable(value, requiresGradient: tape != nil, pool: pool)
  }

  /// A parameter as this run sees it.
  public func variable(_ parameter: Parameter) -> Variable {
    tape?.leaf(of: parameter, pool: pool)
      ?? Variable(parameter.value, requiresGradient: false, pool: nil, parameter: parameter)
  }

  /// Names a value for the trace, where there is one.
  public func trace(_ name: @autoclosure () -> String, _ variable: Variable) {
    tracing?.record(name(), variable.value)
  }

  func make(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(uninitialised: rows, columns, pool: pool)
  }

  /// Wraps an operation's result and, where any input is recorded, records the way back.
  ///
  /// - Parameter backward: takes dL/dresult and adds to the inputs' gradients; skipped where no gradient arrives.
  func result(
    _ value: Matrix, of inputs: [Variable], backward: @escaping (_ gradient: UnsafePointer<Float>) -> Void
  ) -> Variable {
    guard let tape, inputs.contains(where: \.requiresGradient) else {
      return Variable(value, requiresGradient: false, pool: pool)
    }
    let result = Variable(value, requiresGradient: true, pool: pool)
    // Held by the record: whoever used the result downstream has let go of it when its turn on the way back comes.
    tape.record {
      if let gradient = result.gradient { backward(gradient.elements) }
    }
    return result
  }
}

/// Intermediate values of a computation, by name, for whoever wants to see inside the network.
public final class Trace {
  /// What was noted so far, by name.
  public private(set) var values: [String: Matrix] = [:]
  /// The names that are kept; nil for all.
  private let wanted: Set<String>?

  /// A trace that holds nothing yet.
  ///
  /// - Parameter wanted: the only names to keep, so that a long dialogue's other values go out of use as ever; nil for all.
  public init(only wanted: Set<String>? = nil) {
    self.wanted = wanted
  }

  func wants(_ name: String) -> Bool { wanted?.contains(name) ?? true }

  func record(_ name: String, _ value: Matrix) {
    if wants(name) { values[name] = value }
  }
}
