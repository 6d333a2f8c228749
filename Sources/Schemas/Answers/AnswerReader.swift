public import Records

/// Finds the JSON in the text that a model wrote, by a fixed rule, and reads it strictly.
///
/// 1. The whole text, white space around it aside.
/// 2. If the text does not begin with a brace or bracket: what the first code fence marked `json`
///    holds, else what the first code fence holds that begins with a brace or bracket. Fences stand
///    at the start of a line.
/// 3. In the fence, or in the whole text if there is none: from the first brace that a quote or a
///    closing brace follows (or bracket that a value or a closing bracket follows) to its partner.
///    Only what the schema allows counts: where answers are objects, arrays in the prose before
///    them are passed over.
///
/// What is found and is no JSON is an error: the search does not go on to something later or
/// further in. With `repair`, what has only one reading is repaired first; values are never made up.
public struct AnswerReader: Sendable {
  private let allowsObjects: Bool
  private let allowsArrays: Bool
  private let repairs: Bool

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - schema: What answers must fit; nil when any JSON will do.
  ///   - repair: Whether to repair what is not strict JSON.
  public init(for schema: CompiledSchema?, repair: Bool = false) {
    allowsObjects = schema?.mayBe(.object) ?? true
    allowsArrays = schema?.mayBe(.array) ?? true
    repairs = repair
  }

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - text: The text that the model wrote, UTF-8.
  ///   - tape: Where the value is parsed to.
  ///   - buffer: Where a repaired text is kept; its former bytes are forgotten.
  /// - Returns: The answer, valid until `text`, `tape` or `buffer` is used again.
  /// - Throws: `AnswerError` when there is no JSON, or none that can be read.
  public func read(
    _ text: UnsafeBufferPointer<UInt8>, into tape: inout JSONTape, using buffer: inout ByteBuffer
  ) throws(AnswerError) -> Answer {
    let finder = AnswerFinder(
      text: text, allowsObjects: allowsObjects, allowsArrays: allowsArrays)
    let whole = finder.trimmed(text.indices)
    guard !whole.isEmpty else { throw AnswerError(.empty, nil) }
    var firstError: JSONError?
    do throws(JSONError) {
      let value = try tape.parse(UnsafeBufferPointer(rebasing: text[whole]))
      return Answer(value: value, source: .whole, repairs: [])
    } catch {
      firstError = error
    }
    let fence = finder.beginsWithValue(whole) ? nil : finder.fence(in: whole)
    let source: Answer.Source = fence == nil ? .embedded : .fence
    let region = fence ?? whole
    do throws(JSONError) {
      if fence != nil {
        let value = try tape.parse(UnsafeBufferPointer(rebasing: text[region]))
        return Answer(value: value, source: source, repairs: [])
      }
    } catch {
      firstError = error
    }
    guard let start = finder.valueStart(in: region) else {
      throw AnswerError(.noJSON, firstError)
    }
    return try read(
      UnsafeBufferPointer(rebasing: text[start..<region.upperBound]), source, into: &tape, &buffer)
  }

  /// Reads the value that begins with the first byte.
  private func read(
    _ text: UnsafeBufferPointer<UInt8>, _ source: Answer.Source, into tape: inout JSONTape,
    _ buffer: inout ByteBuffer
  ) throws(AnswerError) -> Answer {
    let end = AnswerFinder.balancedEnd(of: text)
    let candidate = UnsafeBufferPointer(rebasing: text[..<(end ?? text.count)])
    do throws(JSONError) {
      return Answer(value: try tape.parse(candidate), source: source, repairs: [])
    } catch {
      guard repairs else { throw AnswerError(.malformed, error) }
      buffer.removeAll()
      var repair = AnswerRepair(text)
      guard let done = repair.run(into: &buffer) else { throw AnswerError(.malformed, error) }
      do throws(JSONError) {
        return Answer(value: try tape.parse(buffer.bytes), source: source, repairs: done)
      } catch {
        throw AnswerError(.malformed, error)
      }
    }
  }
}
