internal import Records

/// The common case: literal text and names, nothing else. Bytes are copied, nothing is allocated.
extension Renderer {
  /// Prints a name that comes from outside.
  mutating func printExternal(
    _ index: Int, _ mark: Mark, _ frame: Frame, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    guard let program else { return }
    if frame.names == nil {
      let view = program.externals.withUnsafeBufferPointer { self.view(of: $0[index], index) }
      if let view, view.kind == .string {
        if escaping == .json {
          view.appendEscapedText(to: &output)
        } else {
          view.appendText(to: &output)
        }
        return
      }
    }
    self.mark = mark
    let value = defined(external(index, frame), name: program.externals[index].name.string)
    try emit(value, into: &output, escaping)
  }

  /// Prints literal text.
  @inline(__always)
  func printLiteral(
    _ literal: Literal, _ program: borrowing Program, into output: inout ByteBuffer,
    _ escaping: Escaping
  ) {
    if escaping == .json {
      program.escapedText.withUnsafeBufferPointer {
        output.append(UnsafeBufferPointer(rebasing: $0[literal.escaped]))
      }
    } else {
      program.plainText.withUnsafeBufferPointer {
        output.append(UnsafeBufferPointer(rebasing: $0[literal.plain]))
      }
    }
  }
}
