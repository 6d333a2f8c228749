internal import Pipelines
internal import Records
internal import Templates

/// How a stage looks at a record: what its key is, and a hash of what it reads of it. The same for reading, merging and
/// the stages above.
final class RecordLens {
  private let stage: StagePlan
  private let reads: RecordReads
  private var renderer = Renderer()
  private var scratch = ByteBuffer()
  private var keyHint = 0
  private var fieldHints: [Int]
  private let fieldNames: [[UInt8]]

  /// Looks at a stage's records.
  ///
  /// - Parameters:
  ///   - stage: The stage.
  ///   - reads: The fields that are hashed; those that the stage reads when nil.
  init(_ stage: StagePlan, reading reads: RecordReads? = nil) {
    self.stage = stage
    self.reads = reads ?? stage.reads
    fieldNames = self.reads.fields.map { Array($0.utf8) }
    fieldHints = Array(repeating: 0, count: fieldNames.count)
  }

  /// Appends the record's key.
  ///
  /// - Throws: `RunError.badKey` when it is empty, or no string or number.
  func appendKey(
    of fed: FedRecord, _ scope: TemplateScope, to output: inout ByteBuffer
  ) throws(RunError) {
    let start = output.count
    if let key = fed.key {
      output.append(key)
      return
    }
    switch stage.key {
    case .inherited: preconditionFailure("records of a stage have keys")
    case .field(let name):
      var name = name
      let value = name.withUTF8 { scope.record.member($0, near: &keyHint) }
      guard let value else { throw badKey(fed, "the record has no field '\(name)'") }
      guard value.kind == .string || value.kind == .number else {
        throw badKey(fed, "the key '\(name)' is \(value.kind), not a string or a number")
      }
      value.appendText(to: &output)
    case .template(let template):
      do throws(RenderError) {
        try template.render(scope, using: &renderer, into: &output, escaping: .none)
      } catch {
        throw badKey(fed, "\(error)")
      }
    }
    if output.count == start { throw badKey(fed, "the key is empty") }
  }

  private func badKey(_ fed: FedRecord, _ reason: String) -> RunError {
    RunError.badKey(
      stage: stage.name, source: stage.sourceName, line: fed.record.line, reason: reason)
  }

  /// A hash of the fields that key and templates read, and of the answers in scope when they read those.
  func fieldsHash(_ scope: TemplateScope) throws(RunError) -> UInt64 {
    scratch.removeAll()
    if reads.isWhole { scope.record.appendMark(to: &scratch) }
    for position in fieldNames.indices {
      let value = fieldNames[position].withUnsafeBufferPointer {
        scope.record.member($0, near: &fieldHints[position])
      }
      if let value { value.appendMark(to: &scratch) } else { scratch.append(0xFF) }
    }
    // Where a stage reads no stage and makes no records, none of these is in scope.
    for root in [ScopeRoot.output, .stages, .item, .items, .joined] {
      if let view = scope[root] { view.appendMark(to: &scratch) }
    }
    return ContentHash.short(of: scratch.bytes)
  }
}

extension StagePlan {
  /// What messages call the stage's source.
  var sourceName: String {
    switch source {
    case .stage(let name): "stage '\(name)'"
    case .standardInput: "standard input"
    default: source.file?.shownPath ?? "source"
    }
  }
}

extension JSONView {
  /// Appends bytes that differ when the value differs: its kind, its canonical text and that text's length.
  fileprivate func appendMark(to output: inout ByteBuffer) {
    let start = output.count
    output.append(kind.rawValue)
    if kind == .string { appendEscapedText(to: &output) } else { appendJSON(to: &output) }
    var length = UInt64(output.count - start)
    for _ in 0..<8 {
      output.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
  }
}
