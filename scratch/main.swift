import Bundles
import Dialogue
import Foundation

IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
func ms(_ body: () throws -> Void) rethrows -> Double { let c = ContinuousClock(); let t = try c.measure(body); return Double(t.components.attoseconds) / 1e15 + Double(t.components.seconds) * 1e3 }
func stats(_ name: String, _ n: Int, pause: Bool = false, _ body: () throws -> Void) rethrows {
  var v: [Double] = []
  for _ in 0..<n { v.append(try ms(body)); if pause { usleep(200_000) } }
  v.sort()
  print(name, "min", String(format: "%.1f", v[0]), "median", String(format: "%.1f", v[v.count / 2]), "max", String(format: "%.1f", v[v.count-1]))
}
let dir = URL(fileURLWithPath: CommandLine.arguments[1])
let n = 2000
func table(_ w: Int) -> FeatureTable { var g = SystemRandomNumberGenerator(); return FeatureTable(width: w, values: (0..<(n*w)).map { _ in Float.random(in: -1...1, using: &g) }, missing: [Bool](repeating: false, count: n)) }
let bundle = FeatureBundle(emotions: EmotionSet(["a","b"]), dialogues: (0..<40).map { Dialogue(id: "d\($0)", rows: ($0*50)..<($0*50+50)) }, utterances: (0..<n).map { Utterance(id: "u\($0)", speaker: "s\($0 % 4)", start: Double($0), end: Double($0)+1, label: $0 % 2) }, features: [.text: table(1024), .visual: table(342), .audio: table(1582)])
let packed = dir.appendingPathComponent("packed.h5"), loose = dir.appendingPathComponent("loose.h5")
print("write gzip4", ms { try? BundleWriter().write(bundle, to: packed) })
print("write no gzip", ms { try? BundleWriter(compression: 0).write(bundle, to: loose) })
let iso = IsolatedBundleReader()
for f in [packed, loose] + CommandLine.arguments.dropFirst(2).map({ URL(fileURLWithPath: $0) }) {
  print(f.lastPathComponent, try Data(contentsOf: f).count)
  try stats("  in process", 15) { _ = try BundleReader().read(f) }
  try stats("  isolated back to back", 15) { _ = try iso.read(f) }
  try stats("  isolated, standby warm", 15, pause: true) { _ = try iso.read(f) }
}
sleep(1)
let pids = try! String(contentsOfFile: "/proc/self/task/\(getpid())/children", encoding: .utf8).split(separator: " ")
for p in pids { print(try! String(contentsOfFile: "/proc/\(p)/status", encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("RssAnon") || $0.hasPrefix("RssFile") || $0.hasPrefix("VmSize") || $0.hasPrefix("Threads")}.joined(separator: "; ")) }
