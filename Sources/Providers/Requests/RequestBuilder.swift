public import Records

/// Writes request lines for one stage and one way of asking (model, `max_tokens`, schema): the parts that are the same
/// for every record are made once, the texts are rendered in place between them.
///
/// ```swift
/// builder.begin(&line, customID: id, in: &buffer)
/// builder.beginSystem(&line, in: &buffer)
/// try system.render(scope, using: &renderer, into: &buffer, escaping: .json)
/// builder.beginTurn(.user, &line, in: &buffer)
/// try prompt.render(scope, using: &renderer, into: &buffer, escaping: .json)
/// builder.finish(&line, in: &buffer)
/// ```
///
/// What is rendered must be the canonical escaped form of `JSONEscape`, without quotes.
public struct RequestBuilder: Sendable {
  /// The model's id.
  public let model: String
  /// The largest answer in tokens.
  public let maxTokens: Int
  /// The characters of the fixed parts that the model may read: the schema and the parameters.
  public let fixedCensus: CharacterCensus

  private let parts: RequestParts
  private let form: RequestForm
  private let echo: EchoField?
  /// The turn that the prefix to cache ends with; nil for none.
  private let markedTurn: Int?

  /// Prepares the fixed parts.
  ///
  /// - Parameters:
  ///   - form: The form of the requests.
  ///   - model: The model's id.
  ///   - maxTokens: The largest answer in tokens.
  ///   - schema: What the answer must look like, as `SchemaLowering` made it; nil for text.
  ///   - parameters: Further members of the body, checked by `PlanProblem`.
  ///   - echo: The code that an answer is to repeat; nil for none.
  ///   - cache: Marks the prefix to cache, in a form that has such marks; nil for no mark.
  public init(
    form: RequestForm = .messages, model: String, maxTokens: Int, schema: JSONValue? = nil,
    parameters: [JSONValue.Member] = [], echo: EchoField? = nil, cache: CacheMark? = nil
  ) {
    self.model = model
    self.maxTokens = maxTokens
    self.echo = echo
    self.form = form
    if case .turn(let number)? = cache?.place, form.marksCaches {
      markedTurn = number
    } else {
      markedTurn = nil
    }
    parts = RequestParts(
      form,
      RequestParts.Plan(
        model: model, maxTokens: maxTokens, schema: schema, parameters: parameters,
        cache: cache))
    fixedCensus = parts.tail.withUnsafeBufferPointer { CharacterCensus($0) }
  }

  /// Starts a request at the buffer's end.
  ///
  /// - Parameters:
  ///   - line: Forgets the request before.
  ///   - customID: Safe characters only, see `CustomID`.
  ///   - buffer: Where the line goes.
  public func begin(
    _ line: inout RequestLine, customID: UnsafeBufferPointer<UInt8>, in buffer: inout ByteBuffer
  ) {
    line.begin(at: buffer.count)
    buffer.append(contentsOf: parts.start)
    let start = buffer.count
    buffer.append(customID)
    line.customID = start..<buffer.count
    buffer.append(contentsOf: parts.head)
  }

  /// Opens the system text; what is rendered next goes there.
  ///
  /// At most once, before the first turn.
  public func beginSystem(_ line: inout RequestLine, in buffer: inout ByteBuffer) {
    precondition(line.role == nil && line.turnCount == 0, "the system text comes first")
    buffer.append(contentsOf: parts.systemStart)
    line.role = .system
    line.partStart = buffer.count
  }

  /// Closes the text before and opens a turn; what is rendered next goes there.
  public func beginTurn(
    _ role: RequestLine.Role, _ line: inout RequestLine, in buffer: inout ByteBuffer
  ) {
    precondition(role != .system, "a system text is no turn")
    openTurn(&line, in: &buffer)
    if line.turnCount == markedTurn {
      buffer.append(contentsOf: role == .user ? parts.markedUserStart : parts.markedAssistantStart)
    } else {
      buffer.append(contentsOf: role == .user ? parts.userStart : parts.assistantStart)
    }
    line.role = role
    line.partStart = buffer.count
    line.turnCount += 1
  }

  /// Closes the text before and opens the last turn, the user's, with what is attached to it; what is rendered next is
  /// its text.
  public func beginPrompt(
    with attachments: [Attachment], _ line: inout RequestLine, in buffer: inout ByteBuffer
  ) {
    guard !attachments.isEmpty else {
      beginTurn(.user, &line, in: &buffer)
      return
    }
    let content = form.contentParts
    openTurn(&line, in: &buffer)
    buffer.append(content.start)
    for attachment in attachments {
      form.append(attachment, to: &buffer)
      buffer.append(",")
      line.note(attachment)
    }
    buffer.append(content.text)
    line.hasParts = true
    line.role = .user
    line.partStart = buffer.count
    line.turnCount += 1
  }

  private func openTurn(_ line: inout RequestLine, in buffer: inout ByteBuffer) {
    let follows = line.role == .system
    endPart(&line, in: &buffer)
    if line.turnCount > 0 {
      buffer.append(",")
    } else {
      buffer.append(contentsOf: follows ? parts.turnsAfterSystem : parts.turnsAlone)
    }
  }

  /// Closes the last turn and the request; `line` says what it holds.
  ///
  /// No line end is written.
  public func finish(_ line: inout RequestLine, in buffer: inout ByteBuffer) {
    precondition(line.turnCount > 0, "a request has at least one turn")
    endText(&line, in: buffer)
    appendEcho(&line, in: &buffer)
    if line.hasParts {
      buffer.append(form.contentParts.end)
    } else {
      buffer.append(contentsOf: parts.turnEnd)
    }
    buffer.append(contentsOf: parts.tail)
    line.range = line.range.lowerBound..<buffer.count
  }

  /// A whole line with texts of its own: what a plan shows to the request schema before any record is
  /// rendered, since records differ in their texts only.
  public func sample(hasSystem: Bool) -> [UInt8] {
    var buffer = ByteBuffer()
    var line = RequestLine()
    begin(&line, customID: UnsafeBufferPointer("sample"), in: &buffer)
    if hasSystem {
      beginSystem(&line, in: &buffer)
      buffer.append("You are a sample.")
    }
    beginTurn(.user, &line, in: &buffer)
    buffer.append("This is a sample.")
    finish(&line, in: &buffer)
    return Array(buffer.bytes)
  }

  /// Adds the code to the last turn, behind the text that is the request's identity.
  private func appendEcho(_ line: inout RequestLine, in buffer: inout ByteBuffer) {
    guard let echo else { return }
    var id = ByteBuffer(capacity: 64)
    id.append(UnsafeBufferPointer(rebasing: buffer.bytes[line.customID]))
    let start = buffer.count
    echo.appendInstruction(for: id.bytes, to: &buffer)
    line.census.add(UnsafeBufferPointer(rebasing: buffer.bytes[start...]))
  }

  private func endText(_ line: inout RequestLine, in buffer: borrowing ByteBuffer) {
    line.end(UnsafeBufferPointer(rebasing: buffer.bytes[line.partStart...]))
  }

  private func endPart(_ line: inout RequestLine, in buffer: inout ByteBuffer) {
    guard let role = line.role else { return }
    endText(&line, in: buffer)
    if role == .system {
      buffer.append(contentsOf: parts.systemEnd)
    } else if line.turnCount - 1 == markedTurn {
      buffer.append(contentsOf: parts.markedTurnEnd)
    } else {
      buffer.append(contentsOf: parts.turnEnd)
    }
  }
}
