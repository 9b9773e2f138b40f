/// A statistic whose numbers can be written one after the other, the shape saying how many there are.
///
/// What is read is added where it belongs: a night's sum makes no value of each bundle's statistics.
protocol CountCodable {
  func write(to writer: inout CountWriter)
  /// Adds what is read to counts of the shape; a sum that this throws for is of no use any more.
  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError)
}

/// Writes whole numbers compactly: most are small, many are zero.
///
/// A number is mapped to 2n or −2n − 1 and written in groups of seven bits, lowest first. A run of zeros is one zero
/// byte and its length. Text is its length in bytes, then UTF-8.
struct CountWriter {
  private(set) var bytes: [UInt8] = []
  private var zeros = 0

  mutating func append(_ value: Int) {
    if value == 0 {
      zeros += 1
      return
    }
    flushZeros()
    appendGroups(UInt64(bitPattern: Int64((value << 1) ^ (value >> (Int.bitWidth - 1)))))
  }

  mutating func append(_ values: some Sequence<Int>) {
    for value in values { append(value) }
  }

  /// The first value, then each value's difference from the one before.
  mutating func appendDifferences(_ values: [Int]) {
    var previous = 0
    for value in values {
      append(value - previous)
      previous = value
    }
  }

  mutating func append(_ sum: ExactSum) {
    append(Int(sum.units))
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    flushZeros()
    bytes.append(contentsOf: text.utf8)
  }

  /// Everything written so far.
  mutating func finished() -> [UInt8] {
    flushZeros()
    return bytes
  }

  private mutating func flushZeros() {
    guard zeros > 0 else { return }
    bytes.append(0)
    appendGroups(UInt64(zeros))
    zeros = 0
  }

  private mutating func appendGroups(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Reads what `CountWriter` wrote; anything else throws.
struct CountReader {
  private let bytes: [UInt8]
  private var position: Int
  private var zeros = 0

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { zeros == 0 && position == bytes.count }

  mutating func next() throws(ProbeStatisticsError) -> Int {
    if zeros > 0 {
      zeros -= 1
      return 0
    }
    let raw = try nextGroups()
    if raw == 0 {
      let run = try nextGroups()
      guard run > 0, run <= UInt64(Int32.max) else { throw damaged("a run of \(run) zeros") }
      zeros = Int(run) - 1
      return 0
    }
    return Int(Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1))))
  }

  /// Reads as many counts as there are sums and adds each to its own.
  mutating func add(to sums: inout [Int]) throws(ProbeStatisticsError) {
    let end = sums.count
    var cells = sums.mutableSpan
    var index = 0
    while index < end {
      // Most numbers are zeros, and those of a run need no looking at.
      let run = min(zeros, end - index)
      zeros -= run
      index += run
      guard index < end else { break }
      cells[index] &+= try count()
      index += 1
    }
  }

  /// Reads as many counts, as differences, and adds each to its own sum.
  mutating func addDifferences(to sums: inout [Int]) throws(ProbeStatisticsError) {
    let end = sums.count
    var cells = sums.mutableSpan
    var (index, value) = (0, 0)
    while index < end {
      let run = min(zeros, end - index)
      if value > 0 { for place in index..<index + run { cells[place] &+= value } }
      zeros -= run
      index += run
      guard index < end else { break }
      let (sum, overflow) = value.addingReportingOverflow(try next())
      guard !overflow else { throw damaged("a count out of range") }
      guard sum >= 0 else { throw damaged("a negative count") }
      value = sum
      cells[index] &+= value
      index += 1
    }
  }

  /// Passes over so many numbers.
  mutating func skip(_ count: Int) throws(ProbeStatisticsError) {
    var left = count
    while left > 0 {
      let run = min(zeros, left)
      zeros -= run
      left -= run
      guard left > 0 else { break }
      _ = try next()
      left -= 1
    }
  }

  mutating func differences(_ count: Int) throws(ProbeStatisticsError) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    try addDifferences(to: &values)
    return values
  }

  /// A number that counts something.
  mutating func count() throws(ProbeStatisticsError) -> Int {
    let value = try next()
    guard value >= 0 else { throw damaged("a count of \(value)") }
    return value
  }

  mutating func counts(_ count: Int) throws(ProbeStatisticsError) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    try add(to: &values)
    return values
  }

  mutating func sum() throws(ProbeStatisticsError) -> ExactSum {
    ExactSum(units: Int64(try next()))
  }

  mutating func text() throws(ProbeStatisticsError) -> String {
    let length = try next()
    guard zeros == 0, length >= 0, length <= bytes.count - position else { throw damaged("text of \(length) bytes") }
    defer { position += length }
    return String(decoding: bytes[position..<position + length], as: UTF8.self)
  }

  func damaged(_ found: String) -> ProbeStatisticsError {
    .damaged(byte: position, found: found)
  }

  private mutating func nextGroups() throws(ProbeStatisticsError) -> UInt64 {
    if position < bytes.count, bytes[position] < 0x80 {
      position += 1
      return UInt64(bytes[position - 1])
    }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 70 {
      guard position < bytes.count else { throw damaged("the end of the bytes") }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw damaged("a number of more than 64 bits")
  }
}
