internal import Records

extension AnswerMessage {
  /// Reads a chat completion.
  init(chat root: JSONView) {
    let choice = root.member("choices")?.elements.first { $0.kind == .object }
    let message = choice?.member("message")
    let refusal = message?.string("refusal")
    let call = message?.member("tool_calls")?.elements.first { $0.kind == .object }
    let text = message?.member("content").flatMap(Self.text)
    self.init(
      root: root, form: .chat,
      stopReason: refusal == nil ? StopReason(chat: choice?.string("finish_reason")) : .refusal,
      usage: TokenUsage(openAI: root.member("usage")),
      // A call is what was asked for where there is one: words beside it are not.
      texts: [call?.member("function")?.string("arguments"), text].compactMap(\.self),
      refusal: refusal)
  }

  /// Reads a response. It may have several messages, the first ones cut fragments: the last one counts, and the others
  /// where that one cannot be read.
  init(response root: JSONView) {
    var texts: [JSONView] = []
    var refusal: JSONView?
    for item in root.member("output")?.elements ?? root.elements {
      if item.member("type")?.isText("function_call") == true, let input = item.string("arguments")
      {
        texts.append(input)
        continue
      }
      guard item.member("type")?.isText("message") == true else { continue }
      for part in item.member("content")?.elements ?? item.elements {
        if part.member("type")?.isText("refusal") == true {
          refusal = part.string("refusal") ?? refusal
        } else if let text = part.string("text") {
          texts.append(text)
        }
      }
    }
    self.init(
      root: root, form: .responses,
      stopReason: refusal == nil ? StopReason(response: root) : .refusal,
      usage: TokenUsage(openAI: root.member("usage")), texts: texts.reversed(), refusal: refusal)
  }

  /// A text, or the text of the first block that has one.
  private static func text(_ content: JSONView) -> JSONView? {
    switch content.kind {
    case .string: content
    case .array: content.elements.lazy.compactMap { $0.string("text") }.first
    default: nil
    }
  }

  private init(
    root: JSONView, form: RequestForm, stopReason: StopReason, usage: TokenUsage,
    texts: [JSONView], refusal: JSONView?
  ) {
    self.root = root
    self.form = form
    self.stopReason = stopReason
    self.usage = usage
    textCount = texts.isEmpty ? 0 : 1
    firstText = texts.first
    otherTexts = Array(texts.dropFirst())
    toolInput = nil
    self.refusal = refusal
  }
}
