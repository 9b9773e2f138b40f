import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import FeatureImport

@Test(arguments: ["state.pt", "checkpoint.pt", "torch-1.13.pt"])
func stateDictionariesAreReadWithEveryPrecision(name: String) throws {
  let tensors = try TorchArchive.tensors(Fixture.url(name))
  #expect(
    tensors == [
      NamedTensor(name: "linear.weight", shape: [2, 3], values: [0, 1, 2, 3, 4, 5]),
      NamedTensor(name: "linear.transposed", shape: [3, 2], values: [0, 3, 1, 4, 2, 5]),
      NamedTensor(name: "linear.last", shape: [2], values: [4, 5]),
      NamedTensor(name: "half", shape: [2], values: [0.5, -1.5]),
      NamedTensor(name: "brain", shape: [2], values: [1, -3]),
      NamedTensor(name: "double", shape: [], values: [0.25]),
      NamedTensor(name: "steps", shape: [1], values: [42]),
      NamedTensor(name: "empty", shape: [0, 3], values: []),
    ])
}

@Test func filesOfOldPyTorchAreNamedAsSuch() throws {
  let bytes: [UInt8] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
  let refusal = try torchRefusal(bytes)
  #expect(
    refusal.contains("found the format of PyTorch before 1.6") && refusal.contains("torch.save(model.state_dict(), "))
  #expect(try torchRefusal(Fixture.bytes("torch-legacy.pt")) == refusal)
  #expect(try torchRefusal(ascii("not torch")).contains("not a PyTorch archive"))
  #expect(try torchRefusal(Fixture.bytes("stored.npz")).contains("a ZIP archive without data.pkl"))
}

@Test func tensorsOutsideTheirStorageAreRefused() throws {
  // linear.last starts at element 4 of 6; make it start at 5, then ask for a storage that is not there.
  let bytes = try Fixture.bytes("state.pt")
  let program = try #require(find([0x4B, 4, 0x4B, 2, 0x85], in: bytes))
  var outside = bytes
  outside[program + 1] = 5
  #expect(
    try torchRefusal(rechecked(outside)).contains("state.pt: linear.last: the tensor reaches outside its storage"))
  var missing = bytes
  let storage = try #require(find(ascii("archive/data/3"), in: bytes))
  missing[storage + 13] = UInt8(ascii: "9")
  let directory = try #require(find(ascii("archive/data/3"), in: missing))
  missing[directory + 13] = UInt8(ascii: "9")
  #expect(try torchRefusal(missing).contains("state.pt: double: the tensor's elements are missing"))
}

@Test func aHostileArchiveIsRefusedByName() throws {
  let bytes = try Fixture.bytes("state.pt")
  let name = try #require(find(ascii("ctorch._utils\n_rebuild_parameter\n"), in: bytes))
  var hostile = bytes
  hostile.replaceSubrange(name..<name + 33, with: ascii("cposix.subsystems\nsystem_xxxxxxx\n"))
  #expect(try torchRefusal(rechecked(hostile)).contains("asks for posix.subsystems.system_xxxxxxx"))
}

@Test func mutatedArchivesNeverCrash() throws {
  let bytes = try Fixture.bytes("state.pt")
  var random = RepeatableRandom(3)
  for round in 0..<800 {
    do {
      _ = try TorchArchive.tensors(rechecked(random.mutated(bytes)), location: "state.pt")
    } catch is FeatureImportError {
    } catch is PickleError {
    } catch {
      Issue.record("round \(round): \(error)")
    }
  }
}

private func torchRefusal(_ bytes: [UInt8]) throws -> String {
  do {
    _ = try TorchArchive.tensors(bytes, location: "state.pt")
  } catch let error as FeatureImportError {
    return error.description
  } catch let error as PickleError {
    return error.description
  }
  Issue.record("the archive was read")
  return ""
}

private func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
  bytes.indices.first { ByteCursor.matches(bytes, at: $0, pattern) }
}

/// The archive with the checksum of its first entry, `data.pkl`, set right, so that changes within it are seen.
private func rechecked(_ bytes: [UInt8]) -> [UInt8] {
  guard let directory = find([0x50, 0x4B, 1, 2], in: bytes), directory + 46 <= bytes.count,
    bytes.starts(with: [0x50, 0x4B, 3, 4]), bytes.count > 30
  else { return bytes }
  var reader = ByteCursor(bytes[...], at: directory + 20)
  var local = ByteCursor(bytes[...], at: 26)
  guard let size = reader.littleEndian(4), let name = local.littleEndian(2), let extra = local.littleEndian(2),
    local.skip(name + extra), let content = local.take(size)
  else { return bytes }
  let checksum = Inflate.checksum(content)
  var result = bytes
  for index in 0..<4 { result[directory + 16 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(index))) }
  return result
}
