internal import Records

/// How the bodies of one synchronous call are read, what they may say, and how an answer to them
/// is written; rows of a batch have the same bodies.
protocol Dialect: Sendable {
  var api: SandboxAPI { get }
  /// Whether only the prompt's tokens are wanted.
  var countsTokens: Bool { get }
  /// Whether the configured request schema applies.
  var isHeldAgainstSchema: Bool { get }

  /// Reads what the body says.
  func read(_ params: JSONView, into text: inout RequestText)
  /// The model that is asked for.
  func model(of params: JSONView) throws(APIError) -> Model
  /// The form that the body wants its answer in.
  func wanted(_ params: JSONView) -> AnswerPlan.Wanted
  /// What the provider does not accept in the schema of an answer, the first thing found.
  func problem(in schema: JSONValue, wanted: AnswerPlan.Wanted) -> APIError?
  /// What is wrong with the body, the first thing found.
  func problem(in params: JSONView, _ model: Model, promptTokens: Int) -> APIError?
  /// The part of the prompt that may be in the cache.
  func prefix(of params: JSONView, _ model: Model) -> CachedPrefix?
  /// The most tokens that the answer may have.
  func outputLimit(_ params: JSONView) -> Int?
  /// The text at which the body says generation stops first.
  func stopSequence(_ params: JSONView) -> String?
  /// Appends the body of the provider's answer.
  func append(
    _ draft: AnswerDraft, _ answer: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer)
}

/// An answer beside its text, before it is written in the provider's form.
struct AnswerDraft: Sendable {
  /// The model as the body named it.
  var model = ""
  var stopReason = StopReason.endTurn
  var stopSequence: String?
  var refusalCategory: String?
  /// The tool whose input the text is.
  var tool: String?
  /// Whether a cut fragment of it comes first, in an item of its own.
  var isFragmented = false
  /// What ids are drawn from, with the seed.
  var name = ""
  var seed: UInt64 = 0
  /// When it was made.
  var atMs: Int64 = 0
  var usage = TokenUsage(input: 0, output: 0)
  var tier = TokenUsage.Tier.standard
}
