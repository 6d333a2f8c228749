internal import Pipelines
internal import Records
internal import Templates

/// Calculates the output of a stage that asks nobody. One per task: it holds the scratch.
final class Calculation {
  private let fields: [SetField]
  private var renderer = Renderer()
  private var tape = JSONTape()

  init(_ fields: [SetField]) { self.fields = fields }

  /// The output for the record in a scope; valid until the next call.
  ///
  /// - Throws: `RenderError`.
  func output(of scope: TemplateScope) throws(RenderError) -> JSONView {
    tape.beginBuilding()
    tape.beginObject()
    for field in fields {
      tape.buildKey(field.name)
      try field.expression.evaluate(scope, using: &renderer, into: &tape)
    }
    tape.end()
    return tape.built
  }
}
