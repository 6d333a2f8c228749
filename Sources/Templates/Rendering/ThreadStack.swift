/// The stack of the present thread, of which a template must not use too much: running out of it would end the
/// program instead of the render.
enum ThreadStack {
  /// What one render may use, in bytes. Threads have 8 MB (at least 2) on Linux and 512 KB elsewhere; code that
  /// is not optimised uses several times as much.
  static let limit: Int = {
    #if os(Linux) && DEBUG
      5 << 20
    #elseif os(Linux)
      3 << 19
    #else
      5 << 16
    #endif
  }()

  /// About where the stack is now; it grows downwards.
  @inline(never) static func position() -> UInt {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
  }
}
