import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// What is missing, dead, not a number or out of range among a bundle's features.
public enum FeatureHealthProbe {
  /// One cell per modality of the model; a modality that the bundle lacks is missing from each utterance.
  ///
  /// Values count in deviations: after the model's standardisation, divided by the modality's noise deviation.
  ///
  /// - Parameter plausibleDeviations: values beyond this many count as out of range.
  public static func health(
    of bundle: FeatureBundle, model: Model, plausibleDeviations: Double
  ) -> ConditionTable<FeatureHealth> {
    ConditionTable(
      model.configuration.modalityOrder.map { modality in
        let standardisation = model.standardisation[modality]
        var health = FeatureHealth(
          width: model.configuration.modalities[modality]?.width ?? 0, unused: standardisation?.constantColumns ?? [])
        guard let table = bundle.features[modality] else {
          health.addMissing(bundle.utterances.count)
          return health
        }
        let deviation = Float(model.configuration.noiseDeviation(modality))
        for row in 0..<table.rows {
          if table.missing[row] {
            health.addMissing(1)
            continue
          }
          let raw = table.values[row * table.width..<(row + 1) * table.width]
          let scaled = standardisation.map { $0(Matrix(rows: 1, columns: table.width, raw)).values } ?? Array(raw)
          health.add(raw: raw, scaled: scaled, deviation: deviation, limit: Float(plausibleDeviations))
        }
        return health
      })
  }
}
