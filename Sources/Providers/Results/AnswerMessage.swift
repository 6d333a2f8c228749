public import Records

/// A message of a result row: views into the row, valid as long as the row's tape and bytes.
public struct AnswerMessage {
  /// The whole message.
  public let root: JSONView
  /// Its form.
  public let form: RequestForm
  /// Why the model stopped: look at this before the text.
  public let stopReason: StopReason
  /// What was billed.
  public let usage: TokenUsage
  /// The number of text blocks that are the answer together.
  public let textCount: Int
  /// The first text block's text; all of the answer's when `textCount` is 1.
  public let firstText: JSONView?
  /// The input of the first tool call, which is the answer when a tool was forced.
  public let toolInput: JSONView?
  /// Texts to read where the answer's own cannot be: fragments that some responses hold beside it. Empty, nearly always.
  public let otherTexts: [JSONView]
  /// The words of a refusal that has a member of its own.
  let refusal: JSONView?

  init(_ root: JSONView) {
    self.root = root
    form = .messages
    otherTexts = []
    refusal = nil
    stopReason = StopReason(root.member("stop_reason"))
    usage = TokenUsage(root.member("usage"))
    var texts = 0
    var first: JSONView?
    var tool: JSONView?
    for block in root.member("content")?.elements ?? root.elements {
      guard let type = block.member("type") else { continue }
      if type.isText("text"), let text = block.string("text") {
        texts += 1
        if first == nil { first = text }
      } else if tool == nil, type.isText("tool_use") {
        tool = block.member("input")
      }
    }
    textCount = texts
    firstText = first
    toolInput = tool
  }

  /// A message of which only the text was read that is the whole answer.
  public init(text: JSONView) {
    root = text
    form = .messages
    otherTexts = []
    refusal = nil
    stopReason = .endTurn
    usage = TokenUsage()
    textCount = 1
    firstText = text
    toolInput = nil
  }

  /// The text that is the whole answer; nil when the answer is several texts, a tool's input, or might be another text.
  public var onlyText: JSONView? {
    textCount == 1 && toolInput == nil && otherTexts.isEmpty ? firstText : nil
  }

  /// The answer's text without a copy: when there is one text block and its bytes stand for
  /// themselves.
  ///
  /// Else use `appendText(to:)`.
  public var plainText: UnsafeBufferPointer<UInt8>? {
    guard textCount == 1, let firstText, !firstText.node.flags.contains(.needsDecoding) else {
      return nil
    }
    return firstText.rawBytes
  }

  /// Appends the decoded text of all text blocks, one after the other.
  public func appendText(to output: inout ByteBuffer) {
    if textCount <= 1 {
      firstText?.appendText(to: &output)
      return
    }
    if form == .generate {
      for part in Self.parts(of: root) where Self.isAnswer(part) {
        part.string("text")?.appendText(to: &output)
      }
      return
    }
    for block in root.member("content")?.elements ?? root.elements {
      guard block.member("type")?.isText("text") == true else { continue }
      block.string("text")?.appendText(to: &output)
    }
  }

  /// The model that answered; nil when the message does not say.
  public var model: JSONView? { root.string("model") ?? root.string("modelVersion") }

  /// The category of a refusal; nil when none is told.
  public var refusalCategory: JSONView? { root.member("stop_details")?.string("category") }

  /// The explanation of a refusal; nil when none is told.
  public var refusalExplanation: JSONView? {
    refusal ?? root.member("stop_details")?.string("explanation")
  }
}
