/// Parsed JSON: a flat table of nodes over bytes that it does not own, or that it does.
///
/// One tape is reused for many texts; the views it hands out are valid until the next `parse` or `build`,
/// and as long as the bytes they were parsed from.
public struct JSONTape: ~Copyable {
  /// Deeper nesting than this is refused: 512 levels, as deep as any answer or record in practice.
  public static let depthLimit = 512

  /// The number of nodes, 5 MB of them, above which storage is given back.
  private static let restingCapacity = 1 << 18

  var nodes: UnsafeMutablePointer<JSONNode>
  var nodeCount = 0
  private var nodeCapacity: Int
  /// Indices of the arrays and objects that are open.
  var open: [Int] = []
  /// Bytes owned by the tape: what `build` wrote.
  var owned = ByteBuffer()

  /// Creates an empty tape.
  public init() {
    nodeCapacity = 64
    nodes = .allocate(capacity: nodeCapacity)
  }

  deinit {
    nodes.deallocate()
  }

  /// Appends a node and returns its index.
  @inline(__always) mutating func append(_ node: JSONNode) -> Int {
    if nodeCount == nodeCapacity { growNodes() }
    (nodes + nodeCount).initialize(to: node)
    nodeCount += 1
    return nodeCount - 1
  }

  /// Forgets all nodes; gives back their storage after a value of unusual size.
  mutating func removeNodes() {
    nodeCount = 0
    open.removeAll(keepingCapacity: true)
    guard nodeCapacity > Self.restingCapacity else { return }
    nodes.deallocate()
    nodeCapacity = 64
    nodes = .allocate(capacity: nodeCapacity)
  }

  private mutating func growNodes() {
    let moved = UnsafeMutablePointer<JSONNode>.allocate(capacity: nodeCapacity * 2)
    moved.moveInitialize(from: nodes, count: nodeCount)
    nodes.deallocate()
    nodes = moved
    nodeCapacity *= 2
  }

  /// Parses exactly one JSON text (RFC 8259, UTF-8, no byte order mark).
  ///
  /// Strict: no comments, no trailing commas, no raw control characters, no lone surrogate escapes, well-formed
  /// UTF-8, at most `depthLimit` levels. Linear in the number of bytes; allocates only when the text has
  /// more values than any before.
  ///
  /// - Returns: The value, valid until the tape is used again and as long as `bytes` are.
  /// - Throws: `JSONError` with the offset of the first byte that is wrong.
  public mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONView {
    guard let base = bytes.baseAddress, bytes.count > 0 else { throw JSONError(.empty, at: 0) }
    guard bytes.count < Int(UInt32.max) else { throw JSONError(.tooLarge, at: 0) }
    var scanner = JSONScanner(base: base, end: bytes.count)
    try scanner.scan(into: &self)
    return JSONView(bytes: base, nodes: nodes, index: 0)
  }
}
