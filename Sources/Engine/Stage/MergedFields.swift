internal import Pipelines
internal import Records
internal import Templates

/// The fields that a merge sets in a record: from the stage's own answer, and from those of others.
///
/// A field that reads an answer which is not there is null, unless its expression says what stands for it.
final class MergedFields {
  private let fields: [Field]
  private let others: [StageAnswers]
  private let null = JSONHolder(.null)
  private var renderer = Renderer()
  private var stagesTape = JSONTape()
  private var fieldTape = JSONTape()
  private var tape = JSONTape()
  /// The stages that have no answer to the record.
  private var absent: Set<String> = []

  init(_ fields: [SetField], _ others: [StageAnswers]) {
    self.fields = fields.map(Field.init)
    self.others = others
  }

  /// Looks up what the other stages have for a key, and makes it `stages.<name>.output` of the scope.
  ///
  /// - Returns: Whether one of them has the record, and no answer to it.
  func bringIntoScope(
    _ scope: inout TemplateScope, of key: UnsafeBufferPointer<UInt8>
  ) throws -> Bool {
    absent.removeAll(keepingCapacity: true)
    guard !others.isEmpty else { return false }
    var isMissing = false
    stagesTape.beginBuilding()
    stagesTape.beginObject()
    if let above = scope[.stages] {
      for member in above.members {
        stagesTape.buildKey(member.key.text)
        stagesTape.build(member.value)
      }
    }
    for other in others {
      stagesTape.buildKey(other.name)
      stagesTape.beginObject()
      stagesTape.buildKey("output")
      switch try other.find(key) {
      case .answer(let answer): stagesTape.build(answer)
      case .missing:
        isMissing = true
        fallthrough
      case .none:
        absent.insert(other.name)
        stagesTape.buildNull()
      }
      stagesTape.end()
    }
    stagesTape.end()
    scope[.stages] = stagesTape.built
    return isMissing
  }

  /// The fields for the record in a scope; valid until the next call.
  ///
  /// - Throws: `RenderError` when one cannot be calculated although all that it reads is there.
  func set(in scope: TemplateScope) throws(RenderError) -> JSONView {
    let hasOutput = scope[.output] != nil
    tape.beginBuilding()
    tape.beginObject()
    for field in fields {
      tape.buildKey(field.name)
      if !hasOutput, field.readsOutput {
        tape.buildNull()
      } else if !absent.isEmpty, field.stagesRead.contains(where: absent.contains) {
        tape.build(value(of: field, in: scope))
      } else {
        try field.expression.evaluate(scope, using: &renderer, into: &tape)
      }
    }
    tape.end()
    return tape.built
  }

  /// The value of a field that reads an answer which is not there.
  private func value(of field: Field, in scope: TemplateScope) -> JSONView {
    fieldTape.beginBuilding()
    do throws(RenderError) {
      try field.expression.evaluate(scope, using: &renderer, into: &fieldTape)
      return fieldTape.built
    } catch {
      // Nothing stands for the answer in its expression: that is what null means.
      return null.view
    }
  }
}

/// A field that is set, with what is asked of it for each record.
private final class Field {
  let name: String
  let expression: CompiledExpression
  let readsOutput: Bool
  let stagesRead: [String]

  init(_ field: SetField) {
    name = field.name
    expression = field.expression
    readsOutput = field.expression.readsOutput
    stagesRead = field.expression.stagesRead
  }
}
