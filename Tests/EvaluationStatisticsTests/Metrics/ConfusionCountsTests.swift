import EvaluationStatistics
import Foundation
import Testing

@Test func figuresAgreeWithThePublishedCode() throws {
  let cases = try GoldenWeightedF1.load()
  #expect(cases.count == 28)
  for golden in cases {
    let counts = ConfusionCounts(truth: golden.labels, predicted: golden.predictions, classes: golden.classes)
    #expect(close(counts.weightedF1, golden.weightedF1), "\(golden.name)")
    #expect(close(counts.publishedModalityPerformance, golden.weightedF1), "\(golden.name)")
    #expect(close(counts.paperModalityPerformance, golden.paperEquation19), "\(golden.name)")
    #expect(close(counts.accuracy, golden.accuracy), "\(golden.name)")
    #expect(close(counts.macroF1, golden.macroF1), "\(golden.name)")
  }
}

@Test func everyFigureFollowsFromAHandCountedTable() throws {
  // Truth in rows: a is right 3 times of 4, b 1 of 2, c never occurs but is predicted once.
  let counts = try #require(ConfusionCounts(classes: 3, cells: [3, 1, 0, 0, 1, 1, 0, 0, 0]))
  #expect(counts.total == 6)
  #expect(counts.correct == 4)
  #expect(
    counts.perClass == [
      ClassFigures(support: 4, predictions: 3, correct: 3), ClassFigures(support: 2, predictions: 2, correct: 1),
      ClassFigures(support: 0, predictions: 1, correct: 0),
    ])
  #expect(counts.perClass.map(\.precision) == [1, 0.5, 0])
  #expect(counts.perClass.map(\.recall) == [0.75, 0.5, 0])
  #expect(close(counts.figures(of: 0).f1, 6.0 / 7))
  #expect(close(counts.accuracy, 4.0 / 6))
  #expect(close(counts.weightedPrecision, (4 * 1 + 2 * 0.5) / 6))
  #expect(close(counts.weightedF1, (4 * 6.0 / 7 + 2 * 0.5) / 6))
  #expect(close(counts.macroF1, (6.0 / 7 + 0.5 + 0) / 3))
  #expect(counts.rowShares == [0.75, 0.25, 0, 0, 0.5, 0.5, 0, 0, 0])
  #expect(close(counts.flipRate, 2.0 / 6))
}

@Test func accuracyOfThePapersIemocapRowFollowsFromItsTruePositives() throws {
  // IEMOCAP's test supports and the true positives of the AMB-DSGDN row of Table 2. The paper does not print how
  // often each class was taken for which other; this table is one choice that reproduces the row's weighted figures.
  let supports = [144, 245, 384, 170, 299, 381]
  let truePositives = [106, 192, 301, 124, 231, 271]
  let cells = [
    106, 0, 22, 0, 0, 16,
    7, 192, 22, 0, 2, 22,
    22, 9, 301, 8, 22, 22,
    2, 0, 22, 124, 0, 22,
    20, 0, 16, 19, 231, 13,
    22, 22, 22, 22, 22, 271,
  ]
  let counts = try #require(ConfusionCounts(classes: 6, cells: cells))
  #expect(counts.perClass.map(\.support) == supports)
  #expect(counts.perClass.map(\.correct) == truePositives)
  #expect(counts.total == 1623)
  #expect(close(counts.accuracy, 1225.0 / 1623))
  #expect(rounded(100 * counts.accuracy, digits: 2) == 75.48)
  #expect(rounded(100 * counts.weightedPrecision, digits: 3) == 76.088)
  #expect(rounded(100 * counts.weightedF1, digits: 2) == 75.64)
}

@Test func addingCountsIsCountingTogether() {
  let morning = ConfusionCounts(truth: [0, 1, 2], predicted: [0, 2, 2], classes: 3)
  let evening = ConfusionCounts(truth: [1, 1], predicted: [1, 0], classes: 3)
  let day = ConfusionCounts(truth: [0, 1, 2, 1, 1], predicted: [0, 2, 2, 1, 0], classes: 3)
  #expect(morning + evening == day)
  #expect(evening + morning == day)
  #expect([morning, evening].total() == day)
  #expect(ConfusionCounts.zero + day == day)
  #expect(day + .zero == day)
}

@Test func countsOfNothingGiveZeros() {
  for counts in [ConfusionCounts.zero, ConfusionCounts(classes: 4)] {
    #expect(
      [counts.accuracy, counts.weightedPrecision, counts.weightedF1, counts.macroF1, counts.flipRate]
        == [0, 0, 0, 0, 0])
    #expect(counts.paperModalityPerformance == 0)
  }
}

@Test func storedCountsThatCannotBeATableAreRefused() throws {
  #expect(ConfusionCounts(classes: 2, cells: [1, 2, 3]) == nil)
  #expect(ConfusionCounts(classes: 2, cells: [1, 2, 3, -4]) == nil)
  #expect(ConfusionCounts(classes: -2, cells: [1, 2, 3, 4]) == nil)
  #expect(ConfusionCounts(classes: .max, cells: []) == nil)
  #expect(throws: DecodingError.self) {
    try JSONDecoder().decode(ConfusionCounts.self, from: Data(#"{"classes": 2, "cells": [1]}"#.utf8))
  }
  let counts = ConfusionCounts(truth: [0, 1], predicted: [1, 1], classes: 2)
  #expect(try JSONDecoder().decode(ConfusionCounts.self, from: JSONEncoder().encode(counts)) == counts)
}
