import Engine
import Foundation
import Ledger
import Pipelines
import Providers
import Records
import TestSupport

/// Other stages in place of the small pipeline's one.
extension SandboxedPipeline {
  /// Writes the pipeline file with these stages, which share `load`.
  func write(stages: String) throws {
    let indented = stages.split(separator: "\n").map { "  \($0)\n" }.joined()
    try scratch.write(
      """
      name: passages
      defaults: {load: {provider: anthropic, model: claude-haiku-4-5, max_tokens: 100, canary: 0}}
      stages:

      """ + indented, to: "passages.yaml")
  }

  /// Writes a source of records, one a line.
  func write(records: [String], to name: String = "records.jsonl") throws {
    try scratch.write(records.map { $0 + "\n" }.joined(), to: name)
  }

  /// The rows of an output.
  func rows(of name: String) throws -> [JSONValue] {
    try scratch.bytes(of: name).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
  }

  /// The rejected records: stage, key and reason.
  func failures(
    _ words: (Failure) -> String = {
      "\($0.stage) \(String(decoding: $0.key, as: UTF8.self)) \($0.reason)"
    }
  ) async throws -> [String] {
    let file = try PipelineReader.read(scratch.path("passages.yaml"))
    let catalog = try Catalogs.builtIn()
    let now: @Sendable () -> Int64 = { 1_795_000_000_000 }
    let plan = try PipelineChecker(catalog: catalog, now: now(), settings: []).check(file)
    let settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: catalog, variable: { _ in nil }, now: now,
      report: { _ in })
    var found: [String] = []
    try await FailureList(plan.sandboxed(), settings).forEach(stage: nil) {
      found.append(words($0))
    }
    return found
  }
}

extension SandboxedPipeline.Outcome {
  /// How a stage stands.
  func counts(_ stage: String) -> String? {
    ending.stages.first { $0.stage == stage }?.counts.sentence
  }

  /// How many requests were billed so far.
  var billed: Int? { meter["rows_billed"]?.int }
}
