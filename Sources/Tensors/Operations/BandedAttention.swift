import CKernels

extension Computation {
  /// Attention of every row over its edges: α_ij = softmax over j of leaky(left_i + right_j + relationScores[r_ij]).
  ///
  /// - Parameters:
  ///   - left, right: [T, 1], each row's score as the one who attends and as the one attended to.
  ///   - relationScores: one number for each relation of the graph.
  ///   - slope: of the leaky rectifier below zero.
  /// - Returns: a band [T, 2w + 1], zero where there is no edge.
  public func bandedAttention(
    left: Variable, right: Variable, relationScores: Variable, graph: BandedGraph, slope: Float
  ) -> Variable {
    precondition(left.rows == graph.segments.rows && right.rows == left.rows, "bandedAttention: one score a row")
    let y = make(left.rows, graph.width)
    let (window, width) = (graph.window, graph.width)
    forEachSegment(graph) { [loops] first, rows, relations in
      loops.band_softmax(
        left.value.elements + first, right.value.elements + first, relationScores.value.elements, relations, slope,
        window, y.elements + first * width, rows)
    }
    return result(y, of: [left, right, relationScores]) { [loops] dy in
      let (dleft, dright) = (left.gradientToAddTo(), right.gradientToAddTo())
      forEachSegment(graph) { first, rows, relations in
        loops.band_softmax_backward(
          left.value.elements + first, right.value.elements + first, relationScores.value.elements, relations, slope,
          window, y.elements + first * width, dy + first * width, dleft + first, dright + first,
          relationScores.gradientToAddTo(), rows)
      }
    }
  }

  /// α⁺ − λ α⁻ for two bands and a number λ [1, 1].
  public func difference(_ positive: Variable, _ lambda: Variable, times negative: Variable) -> Variable {
    precondition(positive.columns == negative.columns && lambda.value.count == 1, "difference: shapes agree")
    let y = make(positive.rows, positive.columns)
    loops.scale(1, positive.value.elements, y.elements, y.count)
    loops.add_scaled(-lambda.value.elements[0], negative.value.elements, y.elements, y.count)
    return result(y, of: [positive, lambda, negative]) { [loops] dy in
      let count = y.count
      if positive.requiresGradient { loops.add_scaled(1, dy, positive.gradientToAddTo(), count) }
      if negative.requiresGradient {
        loops.add_scaled(-lambda.value.elements[0], dy, negative.gradientToAddTo(), count)
      }
      if lambda.requiresGradient {
        // In double precision: over a whole piece the terms cancel down to little.
        let dot = (0..<count).reduce(0.0) { $0 + Double(dy[$1]) * Double(negative.value.elements[$1]) }
        lambda.gradientToAddTo()[0] -= Float(dot)
      }
    }
  }

  /// Every row's mixture of its neighbours: y_i = Σ_j α_ij x_j, with the band α [T, 2w + 1] and x [T, n].
  public func bandedProduct(_ weights: Variable, _ x: Variable, graph: BandedGraph) -> Variable {
    precondition(weights.columns == graph.width && weights.rows == x.rows, "bandedProduct: shapes agree")
    let columns = x.columns
    let (window, width) = (graph.window, graph.width)
    let y = make(x.rows, columns)
    forEachSegment(graph) { [loops] first, rows, _ in
      loops.band_product(
        weights.value.elements + first * width, x.value.elements + first * columns, window,
        y.elements + first * columns, rows, columns)
    }
    return result(y, of: [weights, x]) { [loops] dy in
      forEachSegment(graph) { first, rows, relations in
        if x.requiresGradient {
          loops.band_product_transposed(
            weights.value.elements + first * width, dy + first * columns, window,
            x.gradientToAddTo() + first * columns, rows, columns)
        }
        if weights.requiresGradient {
          loops.band_dots(
            dy + first * columns, x.value.elements + first * columns, relations, window,
            weights.gradientToAddTo() + first * width, rows, columns)
        }
      }
    }
  }
}

/// Each segment's first row, number of rows and band of relations.
private func forEachSegment(
  _ graph: BandedGraph, _ body: (_ first: Int, _ rows: Int, _ relations: UnsafePointer<UInt8>) -> Void
) {
  graph.relations.withUnsafeBufferPointer { relations in
    guard let start = relations.baseAddress else { return }
    for index in graph.segments.indices {
      let rows = graph.segments[index]
      body(rows.lowerBound, rows.count, start + rows.lowerBound * graph.width)
    }
  }
}
