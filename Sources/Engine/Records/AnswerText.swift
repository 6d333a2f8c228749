internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

/// Turns a message into the answer that the pipeline sees: the JSON object where the stage has a schema, else
/// `{"text": …}`. The same when an answer is judged and when it is merged.
final class AnswerText {
  private let hasSchema: Bool
  private let addedNulls: AddedNulls?
  private var text = ByteBuffer(capacity: 4096)
  private var parsed = JSONTape()
  private var built = JSONTape()

  init(hasSchema: Bool, addedNulls: AddedNulls?) {
    self.hasSchema = hasSchema
    self.addedNulls = addedNulls
  }

  /// The answer in a message; valid until the next call.
  ///
  /// - Throws: `JSONError` when the stage has a schema and the text is not JSON.
  func output(of message: AnswerMessage) throws(JSONError) -> JSONView {
    if hasSchema, message.textCount == 0, let input = message.toolInput { return input }
    text.removeAll()
    message.appendText(to: &text)
    guard hasSchema else {
      built.beginBuilding()
      built.beginObject()
      built.buildKey("text")
      built.buildString(text.bytes)
      built.end()
      return built.built
    }
    let answer = try parsed.parse(text.bytes)
    guard let addedNulls, addedNulls.occur(in: answer) else { return answer }
    built.beginBuilding()
    addedNulls.buildWithout(answer, on: &built)
    return built.built
  }

  /// Whether the last text had nothing but white space.
  var isBlank: Bool { text.bytes.allSatisfy { $0 <= 0x20 } }
}
