extension Text {
  /// The text safe for HTML: markup as it is, other text with `&`, `<`, `>`, `'` and `"` replaced.
  var escaped: Text {
    if isMarkup { return self }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      switch byte {
      case 0x26: result += Array("&amp;".utf8)
      case 0x3C: result += Array("&lt;".utf8)
      case 0x3E: result += Array("&gt;".utf8)
      case 0x27: result += Array("&#39;".utf8)
      case 0x22: result += Array("&#34;".utf8)
      default: result.append(byte)
      }
    }
    return Text(bytes: result, isMarkup: true)
  }
}
