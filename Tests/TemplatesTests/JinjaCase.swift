import Foundation
import Records
import Templates
import TestSupport

/// One line of a suite: a template, its context, and what Jinja made of it.
struct JinjaCase {
  /// What Jinja did.
  enum Expectation {
    case text(String)
    /// Nil where the suite does not say when the error came.
    case error(phase: String?)
  }

  /// What Leaven did with a case.
  enum Outcome {
    case right
    /// A feature is refused by name.
    case refused(String)
    case wrong(String)
  }

  let id: String
  let template: String
  let context: JSONValue
  let environment: JSONValue
  let expectation: Expectation
  let isCore: Bool

  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, let template = json["template"]?.string else { return nil }
    self.id = id
    self.template = template
    context = Self.withoutTuples(json["context"] ?? .object([]))
    environment = json["env"] ?? .object([])
    isCore = json["core"]?.bool ?? false
    if json["jinja2_ok"]?.bool == false || (json["error"] != nil && json["jinja2_ok"] == nil) {
      let phase = json["phase"]?.string ?? (json["error"]?.string == "syntax" ? "compile" : nil)
      expectation = .error(phase: phase)
    } else {
      expectation = .text(json["jinja2"]?.string ?? json["expected"]?.string ?? "")
    }
  }

  /// JSON has no tuples; the suites write them as objects with one key.
  private static func withoutTuples(_ value: JSONValue) -> JSONValue {
    if let items = value["__tuple__"]?.array { return .array(items.map(withoutTuples)) }
    switch value {
    case .array(let items): return .array(items.map(withoutTuples))
    case .object(let members):
      return .object(members.map { JSONValue.Member($0.key, withoutTuples($0.value)) })
    default: return value
    }
  }

  /// The cases of a suite file.
  static func read(_ path: String) throws -> [JinjaCase] {
    guard let url = SuiteFolder.url(path) else { return [] }
    return try read(url)
  }

  /// The cases of a file.
  static func read(_ url: URL) throws -> [JinjaCase] {
    try Data(contentsOf: url).split(separator: 0x0A).compactMap { line in
      JinjaCase(try JSONValue(parsing: Array(line)))
    }
  }

  /// Leaven's environment for the case, nil when it asks for what Leaven has not.
  func leavenEnvironment() -> TemplateEnvironment? {
    var found = TemplateEnvironment()
    found.undefinedNames = .lenient
    found.toleratesUnknownFiltersInBranches = true
    found.limits.iterationCount = 10_000_000
    for member in environment.members ?? [] {
      switch member.key {
      case "trim_blocks": found.trimBlocks = member.value.bool ?? false
      case "lstrip_blocks": found.lstripBlocks = member.value.bool ?? false
      case "keep_trailing_newline": found.keepTrailingNewline = member.value.bool ?? false
      case "extensions": break
      case "loader":
        let files = member.value
        found.loader = { files[$0]?.string }
      case "undefined":
        switch member.value.string {
        case "StrictUndefined": found.undefinedNames = .strict
        case "ChainableUndefined": found.undefinedNames = .chainable
        case "DebugUndefined": found.undefinedNames = .debug
        default: return nil
        }
      default: return nil
      }
    }
    return found
  }

  /// Compiles and renders the case.
  func run() -> Outcome {
    guard let environment = leavenEnvironment() else { return .refused("its environment") }
    let compiled: CompiledTemplate
    do throws(TemplateError) {
      compiled = try CompiledTemplate(template, name: id, in: environment)
    } catch {
      return outcome(ofCompileError: error)
    }
    do {
      let text = try render(compiled)
      guard case .text(let expected) = expectation else {
        return .wrong("gave \(text.debugDescription) instead of an error")
      }
      if Array(text.utf8) == Array(expected.utf8) { return .right }
      return .wrong("gave \(text.debugDescription), not \(expected.debugDescription)")
    } catch {
      return outcome(ofRenderError: error)
    }
  }

  private func outcome(ofCompileError error: TemplateError) -> Outcome {
    let refusals = [
      "unsupported-feature", "missing-template", "unknown-filter", "unknown-test",
      "filter-arguments",
    ]
    switch expectation {
    case .error(let phase):
      return phase == "render" ? .refused(error.description) : .right
    case .text:
      return refusals.contains(error.code)
        ? .refused(error.description) : .wrong(error.description)
    }
  }

  private func outcome(ofRenderError error: any Error) -> Outcome {
    switch expectation {
    case .error(let phase):
      return phase == "compile" ? .wrong("compiled: \(error)") : .right
    case .text:
      let isRefusal = (error as? RenderError)?.code == "unsupported-operation"
      return isRefusal ? .refused("\(error)") : .wrong("\(error)")
    }
  }

  /// Renders plainly and for JSON, which must say the same.
  private func render(_ compiled: CompiledTemplate) throws -> String {
    var tape = JSONTape()
    let json = Array(context.compact.utf8)
    return try json.withUnsafeBufferPointer { bytes in
      let scope = TemplateScope(record: try tape.parse(bytes))
      var renderer = Renderer()
      var plain = ByteBuffer()
      try compiled.render(scope, using: &renderer, into: &plain, escaping: .none)
      var escaped = ByteBuffer()
      try compiled.render(scope, using: &renderer, into: &escaped, escaping: .json)
      var decoded = ByteBuffer()
      JSONEscape.decode(escaped.bytes, to: &decoded)
      struct EscapingsDiffer: Error {}
      guard decoded.bytes.elementsEqual(plain.bytes) else { throw EscapingsDiffer() }
      return plain.text
    }
  }
}
