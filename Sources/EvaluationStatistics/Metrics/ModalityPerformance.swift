extension ConfusionCounts {
  /// p_m of adaptive modality balancing as the published code computes it: the support-weighted F1.
  public var publishedModalityPerformance: Double { weightedF1 }

  /// p_m of adaptive modality balancing as the paper prints it (Eqn 19).
  ///
  /// Σ_c w_c·Precision_c·Recall_c / Σ_c w_c over the classes that occur as truth, with w_c = N / n_c the inverse of the
  /// class's frequency. 0 where there are no observations.
  public var paperModalityPerformance: Double {
    let total = total
    var weighted = 0.0
    var weights = 0.0
    for figures in perClass where figures.support > 0 {
      let weight = Double(total) / Double(figures.support)
      weighted += weight * figures.precision * figures.recall
      weights += weight
    }
    return weights > 0 ? weighted / weights : 0
  }
}
