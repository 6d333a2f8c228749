/// Writes an object with some of its members set to new values.
struct JSONSplice: ~Copyable {
  /// A value of the object that gives way to one that is set.
  private struct Replacement {
    let old: JSONView
    let new: JSONView
  }

  /// Where in the object the members that are set were last time.
  private var hints: [Int] = []
  private var replacements: [Replacement] = []
  private var additions: [(key: JSONView, value: JSONView)] = []

  /// Appends an object in its own bytes, changed only where something is set.
  ///
  /// - Precondition: `object` was parsed from `raw`.
  mutating func append(
    raw: UnsafeBufferPointer<UInt8>, parsedAs object: JSONView, setting: JSONView?,
    to output: inout ByteBuffer
  ) {
    let end = Int(object.node.end)
    var position = Int(object.node.start)
    guard let base = raw.baseAddress, position < end else { return }
    guard let setting, setting.count > 0 else {
      output.append(base + position, count: end - position)
      return
    }
    plan(object, setting)
    for replacement in replacements {
      let old = Self.extent(of: replacement.old.node)
      output.append(base + position, count: old.lowerBound - position)
      replacement.new.appendJSON(to: &output)
      position = old.upperBound
    }
    var brace = end - 1
    while brace > position, Self.isSpace(base[brace - 1]) { brace -= 1 }
    output.append(base + position, count: brace - position)
    appendAdditions(after: object.count, to: &output)
    output.append(0x7D)
  }

  /// Appends any object as compact JSON.
  mutating func append(_ object: JSONView, setting: JSONView?, to output: inout ByteBuffer) {
    guard let setting, setting.count > 0 else { return object.appendJSON(to: &output) }
    plan(object, setting)
    var next = 0
    var count = 0
    output.append(0x7B)
    for member in object.members {
      if count > 0 { output.append(0x2C) }
      count += 1
      member.key.appendJSON(to: &output)
      output.append(0x3A)
      if next < replacements.count, replacements[next].old.index == member.value.index {
        replacements[next].new.appendJSON(to: &output)
        next += 1
      } else {
        member.value.appendJSON(to: &output)
      }
    }
    appendAdditions(after: count, to: &output)
    output.append(0x7D)
  }

  /// Sorts what is set into replacements, in the object's order, and additions.
  private mutating func plan(_ object: JSONView, _ setting: JSONView) {
    replacements.removeAll(keepingCapacity: true)
    additions.removeAll(keepingCapacity: true)
    if hints.count < setting.count {
      hints += [Int](repeating: 0, count: setting.count - hints.count)
    }
    var position = 0
    for member in setting.members {
      if let old = find(member.key, in: object, near: position) {
        insert(Replacement(old: old, new: member.value))
      } else {
        additions.append(member)
      }
      position += 1
    }
  }

  private mutating func find(
    _ key: JSONView, in object: JSONView, near position: Int
  ) -> JSONView? {
    guard key.node.flags.contains(.needsDecoding) else {
      return object.member(key.rawBytes, near: &hints[position])
    }
    var name = ByteBuffer(capacity: key.rawBytes.count)
    key.appendText(to: &name)
    return object.member(name.bytes, near: &hints[position])
  }

  /// Keeps the replacements in the order of the object; what is set is nearly always in that order already.
  private mutating func insert(_ replacement: Replacement) {
    var place = replacements.count
    while place > 0, replacements[place - 1].old.index > replacement.old.index { place -= 1 }
    replacements.insert(replacement, at: place)
  }

  private func appendAdditions(after count: Int, to output: inout ByteBuffer) {
    var isFirst = count == 0
    for addition in additions {
      if !isFirst { output.append(0x2C) }
      isFirst = false
      addition.key.appendJSON(to: &output)
      output.append(0x3A)
      addition.value.appendJSON(to: &output)
    }
  }

  /// The bytes of a value, quotes included.
  private static func extent(of node: JSONNode) -> Range<Int> {
    node.kind == .string ? Int(node.start) - 1..<Int(node.end) + 1 : Int(node.start)..<Int(node.end)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
