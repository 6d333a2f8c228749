internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Pipelines
internal import Providers
internal import Records

/// `leaven preview`: requests as they would be sent.
struct PreviewCommand: PipelineCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Shows rendered requests exactly as they would be sent; sends nothing.",
    discussion: """
      Prints one JSON document a request. A stage that reads another one shows the records that have been \
      answered so far.

      Example:  leaven preview pipelines/tickets.yaml -n 2
      """)

  @OptionGroup var options: PipelineOptions

  @Option(name: .shortAndLong, help: "How many records.")
  var n = 3

  @Option(help: "Only the record with this key.")
  var key: String?

  @Option(help: "The stage; the first one when it is not named.")
  var stage: String?

  @Flag(help: "Looks at the sandbox's state for stages that read others.")
  var sandbox = false

  func run() async throws {
    let (plan, settings) = try options.prepare(isSandbox: sandbox, lookingAt: .sources)
    guard let stage = try stage.map(plan.named) ?? plan.stages.first else {
      preconditionFailure("a plan has a stage")
    }
    try await StandardInput.lookedAt(by: plan, settings) { settings in
      try await show(Preview(stage, of: plan, settings))
    }
  }

  private func show(_ preview: Preview) async throws {
    if let lowering = preview.lowering, !lowering.moved.isEmpty {
      let moved = lowering.moved.map { "\($0.path)/\($0.keyword)" }.joined(separator: ", ")
      Console.note(
        Console.dim(
          "the provider's structured output lacks \(moved); answers are checked for it here"))
    }
    if !preview.headers.isEmpty {
      let headers = preview.headers.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
      Console.note(Console.dim("sent with the headers \(headers)"))
    }
    let samples = try await preview.samples(n, key: key)
    for sample in samples {
      Console.note(
        Console.dim(
          "— \(preview.stage.name), key \(sample.key), line \(sample.line), about \(sample.inputTokens) input tokens"
        ))
      if let rejection = sample.rejection {
        Console.note("  would be rejected: \(rejection)")
      } else if let request = sample.request {
        Console.line(try JSONValue(parsing: request).indented())
      }
    }
    if samples.isEmpty {
      throw Failing(
        key.map { "no record has the key '\($0)'" } ?? "there is no record to show", status: .data)
    }
  }
}

extension JSONValue {
  /// The value over several lines, two spaces a level.
  func indented(_ level: Int = 0) -> String {
    let inner = String(repeating: "  ", count: level + 1)
    let outer = String(repeating: "  ", count: level)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map {
        "\(inner)\(JSONValue.string($0.key).compact): \($0.value.indented(level + 1))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + $0.indented(level + 1) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
    default: return compact
    }
  }
}
