internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Turns a message into the answer that the pipeline sees: the JSON that `AnswerReader` finds where the stage has a
/// schema, else `{"text": …}`. The same when an answer is judged and when it is merged.
final class AnswerText {
  private let reader: AnswerReader?
  private let addedNulls: AddedNulls?
  /// Whether a code in an answer is there because it was asked for, and no field of the user's schema.
  private let takesCodes: Bool
  private var stripped = JSONTape()
  private var codeBytes = ByteBuffer()
  private var hasCode = false
  private var text = ByteBuffer(capacity: 4096)
  private var mended = ByteBuffer()
  private var parsed = JSONTape()
  private var built = JSONTape()

  /// What was changed in the last answer to make it JSON.
  private(set) var repairs: Answer.Repairs = []

  /// Reads new answers, as the pipeline says.
  convenience init(judging stage: StagePlan, addedNulls: AddedNulls?) {
    self.init(stage.load.schema, repair: stage.load.repairs, addedNulls)
  }

  /// Reads answers that were accepted, also those that were when the pipeline still let them be repaired: what is
  /// read strictly is not touched by that.
  convenience init(acceptedIn stage: StagePlan, addedNulls: AddedNulls?) {
    self.init(stage.load.schema, repair: true, addedNulls)
  }

  private init(_ schema: AnswerSchema?, repair: Bool, _ addedNulls: AddedNulls?) {
    reader = schema.map { AnswerReader(for: $0.compiled, repair: repair) }
    self.addedNulls = addedNulls
    takesCodes = schema.map { $0.written["properties"]?[EchoField.name] == nil } ?? false
  }

  /// The code of its record that the last answer repeated; nil when it had none.
  var code: UnsafeBufferPointer<UInt8>? { hasCode ? codeBytes.bytes : nil }

  /// The answer in a message; valid until the next call.
  ///
  /// - Throws: `AnswerError` when the stage has a schema and the text has no JSON that can be read.
  func output(of message: AnswerMessage) throws(AnswerError) -> JSONView {
    repairs = []
    hasCode = false
    if reader != nil, let input = message.toolInput {
      return withoutAddedNulls(withoutCode(input))
    }
    text.removeAll()
    message.appendText(to: &text)
    guard let reader else {
      built.beginBuilding()
      built.beginObject()
      built.buildKey("text")
      built.buildString(text.bytes)
      built.end()
      return built.built
    }
    let answer = try read(message, reader)
    repairs = answer.repairs
    return withoutAddedNulls(withoutCode(answer.value))
  }

  /// Reads the answer's text, or the first other one that can be read where it cannot.
  private func read(
    _ message: AnswerMessage, _ reader: AnswerReader
  ) throws(AnswerError) -> Answer {
    do throws(AnswerError) {
      return try reader.read(text.bytes, into: &parsed, using: &mended)
    } catch {
      for other in message.otherTexts {
        text.removeAll()
        other.appendText(to: &text)
        // What cannot be read either leaves the error of the first.
        if let answer = try? reader.read(text.bytes, into: &parsed, using: &mended) {
          return answer
        }
      }
      throw error
    }
  }

  /// Whether the last text had nothing but white space.
  var isBlank: Bool { text.bytes.allSatisfy { $0 <= 0x20 } }

  /// Takes the code of the record out of an answer.
  private func withoutCode(_ answer: JSONView) -> JSONView {
    guard takesCodes, answer.kind == .object, let code = answer[EchoField.name] else {
      return answer
    }
    codeBytes.removeAll()
    code.appendText(to: &codeBytes)
    hasCode = true
    stripped.beginBuilding()
    stripped.beginObject()
    for member in answer.members {
      let name = member.key.text
      guard name != EchoField.name else { continue }
      stripped.buildKey(name)
      stripped.build(member.value)
    }
    stripped.end()
    return stripped.built
  }

  private func withoutAddedNulls(_ answer: JSONView) -> JSONView {
    guard let addedNulls, addedNulls.occur(in: answer) else { return answer }
    built.beginBuilding()
    addedNulls.buildWithout(answer, on: &built)
    return built.built
  }
}
