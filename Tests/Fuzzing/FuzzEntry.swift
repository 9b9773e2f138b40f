// libFuzzer brings the main function; the code is instrumented by --sanitize=fuzzer.

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  try? FuzzTarget.chosen.parse(Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : size)))
  return 0
}
