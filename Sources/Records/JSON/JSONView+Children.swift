extension JSONView {
  /// The elements of an array, in order; none for other kinds.
  @inlinable public var elements: Elements {
    let node = nodes[index]
    return Elements(
      bytes: bytes, nodes: nodes, position: index + 1,
      end: node.kind == .array ? Int(node.next) : index + 1)
  }

  /// The members of an object, in the order written, repeated keys included; none for other kinds.
  @inlinable public var members: Members {
    let node = nodes[index]
    return Members(
      bytes: bytes, nodes: nodes, position: index + 1,
      end: node.kind == .object ? Int(node.next) : index + 1)
  }

  /// The value of a member; of a repeated key the last.
  ///
  /// Nil when there is none or this is no object.
  public subscript(_ name: String) -> JSONView? {
    var name = name
    return name.withUTF8 { self[utf8: $0] }
  }

  /// The value of the member whose key is these bytes; of a repeated key the last.
  public subscript(utf8 name: UnsafeBufferPointer<UInt8>) -> JSONView? {
    var position = 0
    return member(name, near: &position)
  }

  /// The value of a member, looked for first where it was in the record before.
  ///
  /// Records of one source nearly always have the same keys in the same order, so `hint` (0 at first; the node
  /// distance from the object to the key) finds it with one comparison.
  public func member(_ name: UnsafeBufferPointer<UInt8>, near hint: inout Int) -> JSONView? {
    let object = nodes[index]
    guard object.kind == .object else { return nil }
    let stop = Int(object.next)
    let hasDuplicates = object.flags.contains(.duplicateKeys)
    if hint > 0, !hasDuplicates, index + hint < stop {
      let candidate = JSONView(bytes: bytes, nodes: nodes, index: index + hint)
      if isKey(at: hint), candidate.hasText(name) {
        return JSONView(bytes: bytes, nodes: nodes, index: index + hint + 1)
      }
    }
    var found: JSONView?
    var key = index + 1
    while key < stop {
      if JSONView(bytes: bytes, nodes: nodes, index: key).hasText(name) {
        hint = key - index
        found = JSONView(bytes: bytes, nodes: nodes, index: key + 1)
        if !hasDuplicates { return found }
      }
      key = Int(nodes[key + 1].next)
    }
    return found
  }

  /// Whether the node at this distance is a key of this object (and not something inside one of its values).
  @usableFromInline func isKey(at distance: Int) -> Bool {
    guard nodes[index + distance].kind == .string else { return false }
    var key = index + 1
    while key < index + distance { key = Int(nodes[key + 1].next) }
    return key == index + distance
  }

  /// The element at `position` of an array (negative counts from the end); nil when there is none.
  public func element(at position: Int) -> JSONView? {
    let wanted = position < 0 ? count + position : position
    guard kind == .array, wanted >= 0, wanted < count else { return nil }
    var child = index + 1
    for _ in 0..<wanted { child = Int(nodes[child].next) }
    return JSONView(bytes: bytes, nodes: nodes, index: child)
  }

  /// A walk over an array's elements.
  @frozen public struct Elements: Sequence, IteratorProtocol {
    @usableFromInline let bytes: UnsafePointer<UInt8>
    @usableFromInline let nodes: UnsafePointer<JSONNode>
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable init(
      bytes: UnsafePointer<UInt8>, nodes: UnsafePointer<JSONNode>, position: Int, end: Int
    ) {
      self.bytes = bytes
      self.nodes = nodes
      self.position = position
      self.end = end
    }

    /// The next element.
    @inlinable public mutating func next() -> JSONView? {
      guard position < end else { return nil }
      defer { position = Int(nodes[position].next) }
      return JSONView(bytes: bytes, nodes: nodes, index: position)
    }
  }

  /// A walk over an object's members.
  @frozen public struct Members: Sequence, IteratorProtocol {
    @usableFromInline let bytes: UnsafePointer<UInt8>
    @usableFromInline let nodes: UnsafePointer<JSONNode>
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable init(
      bytes: UnsafePointer<UInt8>, nodes: UnsafePointer<JSONNode>, position: Int, end: Int
    ) {
      self.bytes = bytes
      self.nodes = nodes
      self.position = position
      self.end = end
    }

    /// The next member.
    @inlinable public mutating func next() -> (key: JSONView, value: JSONView)? {
      guard position < end else { return nil }
      let key = JSONView(bytes: bytes, nodes: nodes, index: position)
      let value = JSONView(bytes: bytes, nodes: nodes, index: position + 1)
      position = Int(nodes[position + 1].next)
      return (key, value)
    }
  }
}
