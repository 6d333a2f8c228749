public import Records

/// One line of a results file, of any provider: its form shows by itself. Views into the line, valid as long as the tape and the bytes it was read with.
public struct ResultRow {
  /// What became of a request.
  public enum Outcome {
    /// Answered, and billed. Whether the answer is a good one is another question: first its stop reason.
    case succeeded(AnswerMessage)
    /// Refused or failed; not billed.
    case errored(RowError)
    /// Canceled before it was sent to a model; not billed.
    case canceled
    /// Not done within the window; not billed.
    case expired
    /// Not carried out, because the provider refused the whole batch for others; not billed.
    case notRun
    /// A result type that this version does not know.
    case unknown(type: JSONView)
    /// The line is not what a results file holds.
    case malformed(Defect)
  }

  /// What is wrong with a line.
  public enum Defect: Hashable, Sendable {
    /// It is not JSON: cut off, most likely.
    case notJSON(JSONError)
    /// It is JSON, but tells no result.
    case noResult
    /// It tells success without a message.
    case noMessage
  }

  /// The request's id; nil when the row has none, and then it belongs to nobody.
  public let customID: JSONView?
  /// What became of it.
  public let outcome: Outcome

  /// Reads a line, with or without its line end (LF or CRLF).
  ///
  /// Lines are to be split at byte 0x0A only: answers may hold U+2028, U+2029 and U+0085 as they are.
  public init(_ line: UnsafeBufferPointer<UInt8>, using tape: inout JSONTape) {
    do throws(JSONError) {
      self.init(try tape.parse(line))
    } catch {
      self.init(customID: nil, outcome: .malformed(.notJSON(error)))
    }
  }

  /// Reads a row that is parsed already.
  public init(_ row: JSONView) {
    let outcome: Outcome
    if let result = row.member("result") {
      outcome = Self.outcome(result)
    } else if row.member("key") != nil {
      outcome = Self.generated(row)
    } else {
      outcome = Self.response(row)
    }
    self.init(customID: row.requestID, outcome: outcome)
  }

  private init(customID: JSONView?, outcome: Outcome) {
    self.customID = customID
    self.outcome = outcome
  }

  /// Whether a line holds nothing: no row, and no defect.
  public static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  private static func outcome(_ result: JSONView?) -> Outcome {
    guard let result, let type = result.string("type") else { return .malformed(.noResult) }
    if type.isText("succeeded") {
      guard let message = result.member("message"), message.kind == .object else {
        return .malformed(.noMessage)
      }
      return .succeeded(AnswerMessage(message))
    }
    if type.isText("errored") { return .errored(RowError(result.member("error"))) }
    if type.isText("canceled") { return .canceled }
    if type.isText("expired") { return .expired }
    return .unknown(type: type)
  }
}
