/// Makes a `JSONTape`'s values by hand: how a CSV row or a database row becomes a record of the same shape as
/// a line of JSON.
extension JSONTape {
  /// Starts a new value: forgets the nodes and the bytes built before, but keeps the first `prefix` bytes
  /// (a source's column names, appended once with `appendBytes`).
  public mutating func beginBuilding(keepingBytes prefix: Int = 0) {
    removeNodes()
    owned.truncate(to: prefix)
    owned.shrink(to: max(prefix, ReadWindow.restingCapacity))
  }

  /// Appends text to the tape's own bytes and says where it lies; a later `buildKey(at:)` may name it.
  public mutating func appendBytes(_ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = owned.count
    owned.append(text)
    return start..<owned.count
  }

  /// Opens an object.
  public mutating func beginObject() { begin(.object) }

  /// Opens an array.
  public mutating func beginArray() { begin(.array) }

  /// Closes the innermost open array or object.
  public mutating func end() {
    guard let index = open.popLast() else { preconditionFailure("end without begin") }
    nodes[index].next = UInt32(nodeCount)
  }

  /// A member's key whose text was appended before.
  ///
  /// Its value follows.
  public mutating func buildKey(at range: Range<Int>) {
    _ = append(builtString(range))
  }

  /// A member's key.
  ///
  /// Its value follows.
  public mutating func buildKey(_ name: String) {
    var name = name
    let range = name.withUTF8 { appendBytes($0) }
    buildKey(at: range)
  }

  /// A string of decoded text.
  public mutating func buildString(_ text: UnsafeBufferPointer<UInt8>) {
    let range = appendBytes(text)
    buildString(at: range)
  }

  /// A string whose decoded text was appended before.
  public mutating func buildString(at range: Range<Int>) {
    countChild()
    _ = append(builtString(range))
  }

  /// A number by its JSON text.
  ///
  /// - Precondition: The text is a JSON number.
  public mutating func buildNumber(_ digits: UnsafeBufferPointer<UInt8>) {
    countChild()
    let isInteger = !digits.contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
    let range = appendBytes(digits)
    _ = append(
      JSONNode(
        kind: .number, flags: isInteger ? .integer : [], start: UInt32(range.lowerBound),
        end: UInt32(range.upperBound), next: UInt32(nodeCount + 1)))
  }

  /// An integer.
  public mutating func buildNumber(_ value: Int64) {
    var digits = String(value)
    digits.withUTF8 { buildNumber($0) }
  }

  /// Null.
  public mutating func buildNull() { buildWord(.null) }

  /// A Boolean.
  public mutating func buildBool(_ value: Bool) { buildWord(value ? .true : .false) }

  /// A copy of a value of another tape.
  public mutating func build(_ view: JSONView) {
    switch view.kind {
    case .null: buildNull()
    case .true: buildBool(true)
    case .false: buildBool(false)
    case .number: buildNumber(view.rawBytes)
    case .string:
      countChild()
      appendString(as: view)
    case .array:
      beginArray()
      for element in view.elements { build(element) }
      end()
    case .object:
      beginObject()
      nodes[nodeCount - 1].flags = view.node.flags
      for member in view.members {
        appendString(as: member.key)
        build(member.value)
      }
      end()
    }
  }

  /// The value built: the first one begun.
  ///
  /// Valid until the tape is used again.
  ///
  /// - Precondition: Everything begun has ended.
  public var built: JSONView {
    precondition(open.isEmpty && nodeCount > 0, "a value is complete before it is looked at")
    return JSONView(bytes: owned.start, nodes: nodes, index: 0)
  }

  private mutating func begin(_ kind: JSONNode.Kind) {
    countChild()
    open.append(append(JSONNode(kind: kind, start: 0, end: 0, next: 0)))
  }

  private mutating func buildWord(_ kind: JSONNode.Kind) {
    countChild()
    _ = append(JSONNode(kind: kind, start: 0, end: 0, next: UInt32(nodeCount + 1)))
  }

  /// A string as it stands, escapes included: what was written in canonical form is written so again without a look.
  private mutating func appendString(as view: JSONView) {
    let range = appendBytes(view.rawBytes)
    _ = append(
      JSONNode(
        kind: .string, flags: view.node.flags, start: UInt32(range.lowerBound),
        end: UInt32(range.upperBound), next: UInt32(nodeCount + 1)))
  }

  private func builtString(_ range: Range<Int>) -> JSONNode {
    JSONNode(
      kind: .string, flags: .needsEncoding, start: UInt32(range.lowerBound),
      end: UInt32(range.upperBound), next: UInt32(nodeCount + 1))
  }

  @inline(__always) mutating func countChild() {
    if let parent = open.last { nodes[parent].count += 1 }
  }
}
