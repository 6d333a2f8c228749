import Foundation
import TestSupport

extension Bench {
  /// A bench with copies of all that ships: pipelines, samples, schemas.
  static func withShippedFiles() throws -> Bench {
    let bench = try Bench()
    for folder in ["pipelines", "samples", "schemas"] {
      try FileManager.default.copyItem(
        atPath: SuiteFolder.packageRoot.appendingPathComponent(folder).path,
        toPath: bench.path(folder))
    }
    // A state folder of somebody's own runs is none of the tests' business.
    try? FileManager.default.removeItem(atPath: bench.path("pipelines/.leaven"))
    try bench.write("", to: "out/.keep")
    try FileManager.default.copyItem(
      atPath: bench.path("samples/chinook/chinook.db"), toPath: bench.path("out/tracks.db"))
    return bench
  }
}
