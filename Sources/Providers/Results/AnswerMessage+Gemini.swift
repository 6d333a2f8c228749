internal import Records

extension AnswerMessage {
  /// Reads a response of generateContent: the texts of the first candidate's parts are one answer; thoughts are none of it.
  init(generated root: JSONView) {
    let candidate = root.member("candidates")?.elements.first { $0.kind == .object }
    let parts = Self.parts(of: root)
    let texts = parts.filter { Self.isAnswer($0) }
    let reason = candidate?.string("finishReason")
    let block = root.member("promptFeedback")?.string("blockReason")
    let stop: StopReason = block == nil ? StopReason(generated: reason) : .refusal
    self.root = root
    form = .generate
    stopReason = stop
    usage = TokenUsage(gemini: root.member("usageMetadata"))
    textCount = texts.count
    firstText = texts.first?.string("text")
    otherTexts = []
    toolInput = parts.lazy.compactMap { $0.member("functionCall")?.member("args") }.first
    refusal = candidate?.string("finishMessage") ?? block ?? (stop == .refusal ? reason : nil)
  }

  /// The parts of the first candidate's content.
  static func parts(of root: JSONView) -> [JSONView] {
    let candidate = root.member("candidates")?.elements.first { $0.kind == .object }
    return candidate?.member("content")?.member("parts")?.elements.map(\.self) ?? []
  }

  /// Whether a part is a text of the answer.
  static func isAnswer(_ part: JSONView) -> Bool {
    part.string("text") != nil && part.member("thought")?.bool != true
  }
}
