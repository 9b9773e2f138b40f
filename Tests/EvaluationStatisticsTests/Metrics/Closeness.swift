import Foundation

/// Equal up to the rounding of a few double operations.
func close(_ left: Double, _ right: Double, within tolerance: Double = 1e-12) -> Bool {
  (left - right).magnitude <= tolerance * max(1, right.magnitude)
}

/// As a table prints it.
func rounded(_ value: Double, digits: Int) -> Double {
  let scale = pow(10.0, Double(digits))
  return (value * scale).rounded() / scale
}
