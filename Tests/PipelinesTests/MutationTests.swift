import Foundation
import Providers
import TestSupport
import Testing

@testable import Pipelines

/// Damaged pipeline files lead to diagnostics, never to a crash.
@Suite struct MutationTests {
  @Test(arguments: 0..<8)
  func damagedFilesAreReported(_ seed: Int) throws {
    let folder = DiagnosticFixtures.folder.path
    let original = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: folder + "/right.yaml")))
    var random = SplitMix(state: UInt64(seed))
    let checker = PipelineChecker(catalog: try Catalogs.builtIn(), now: 1_795_132_800_000)
    for _ in 0..<60 {
      let bytes = damaged(original, &random)
      do throws(PipelineProblems) {
        _ = try checker.check(try PipelineReader.read(bytes, path: folder + "/right.yaml"))
      } catch {
        for diagnostic in error.diagnostics {
          #expect(diagnostic.line >= 1 && diagnostic.column >= 1)
          #expect(!diagnostic.sentence.isEmpty)
        }
      }
    }
  }

  private func damaged(_ original: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = original
    let snippets = [
      "{", "}", "[", "]", ": ", "\n", "  ", "\t", "*a", "&a ", "'", "\"", "|", "- ", "\u{0}", "é",
      "<<: ",
    ]
    for _ in 0...Int(random.next() % 4) {
      let place = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 4 {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 2:
        bytes.insert(
          contentsOf: Array(snippets[Int(random.next() % UInt64(snippets.count))].utf8), at: place)
      default:
        let end = min(bytes.count, place + Int(random.next() % 40))
        let copy = Array(bytes[place..<end])
        bytes.insert(contentsOf: copy, at: Int(random.next() % UInt64(bytes.count)))
      }
    }
    return bytes
  }
}

/// A small seeded generator (SplitMix64), so that a failure can be seen again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
