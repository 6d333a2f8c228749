import Foundation
import Providers
import TestSupport
import Testing

@testable import Pipelines

/// The pipeline files of `Fixtures`, each with what checking it says.
enum DiagnosticFixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// The names of the pipeline files, without their ending.
  static var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }
  }

  /// The file `<name>.expected`; nil when there is none.
  static func expected(_ name: String) -> String? {
    // A missing file is what nil says.
    try? String(contentsOf: folder.appendingPathComponent("\(name).expected"), encoding: .utf8)
  }

  /// Checks a file of the folder, with what its first comments say: `# at DAY`, `# set NAME=VALUE`.
  static func check(_ name: String) throws -> Result<PipelinePlan, PipelineProblems> {
    let url = folder.appendingPathComponent("\(name).yaml")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    var now = try #require(Timestamp.milliseconds(day: "2026-11-20"))
    var settings: [VarSetting] = []
    for line in text.split(separator: "\n").prefix(while: { $0.hasPrefix("# ") }) {
      let words = line.split(separator: " ")
      if words[1] == "at" { now = try #require(Timestamp.milliseconds(day: String(words[2]))) }
      if words[1] == "set" { settings.append(try #require(VarSetting(parsing: String(words[2])))) }
    }
    let checker = PipelineChecker(catalog: try Catalogs.builtIn(), now: now, settings: settings)
    return Result { () throws(PipelineProblems) in
      try checker.check(try PipelineReader.read(url.path))
    }
  }

  /// What checking says, with paths relative to the folder.
  static func transcript(_ name: String) throws -> String {
    let diagnostics: [Diagnostic] =
      switch try check(name) {
      case .success(let plan): plan.warnings
      case .failure(let problems): problems.diagnostics
      }
    let text = diagnostics.map { "\($0)\n" }.joined()
    return text.replacing(folder.path + "/", with: "").replacing(folder.path, with: ".")
  }
}
