/// What one render may cost before it is stopped: a template is a program, and a program can be a bomb.
public struct RenderLimits: Hashable, Sendable {
  /// The longest text a render, or any string inside it, may grow to, in bytes.
  ///
  /// Default: 64 MiB.
  public var outputByteCount: Int
  /// The number of elements that loops, filters and functions may walk over, in sum.
  ///
  /// Default: 1,000,000.
  public var iterationCount: Int
  /// How deep macros, recursive loops, includes and nested values may go.
  ///
  /// Default: 128.
  public var depth: Int
  /// The widest integer that arithmetic may produce, in bits.
  ///
  /// Default: 16,384.
  public var integerBitCount: Int

  /// Creates limits; what is not given has its default.
  public init(
    outputByteCount: Int = 64 << 20, iterationCount: Int = 1_000_000, depth: Int = 128,
    integerBitCount: Int = 16_384
  ) {
    self.outputByteCount = outputByteCount
    self.iterationCount = iterationCount
    self.depth = depth
    self.integerBitCount = integerBitCount
  }
}
