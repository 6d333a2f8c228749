internal import Records

/// From a file's bytes to text that YAML may hold.
enum YAMLDecoding {
  /// Decodes UTF-8, with or without a byte order mark.
  ///
  /// - Throws: `PipelineProblems` for other encodings, bytes that are not UTF-8, control
  ///   characters, and files above `YAMLReader.byteLimit`.
  static func text(_ bytes: [UInt8], file: String) throws(PipelineProblems) -> SourceText {
    func problem(_ code: DiagnosticCode, _ place: Place, _ sentence: String, _ hint: String?)
      -> PipelineProblems
    {
      PipelineProblems([Diagnostic(file: file, at: place, code: code, sentence, hint: hint)])
    }
    guard bytes.count <= YAMLReader.byteLimit else {
      throw problem(
        .yamlUnsupported, .start,
        "a pipeline file has at most 4 MB; this one has \(bytes.count) bytes",
        "is this a data file? a pipeline names its data under 'extract:'")
    }
    let utf8 = "save the file as UTF-8"
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw problem(.notUTF8, .start, "the file is UTF-16, not UTF-8", utf8)
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if let offset = content.withUnsafeBufferPointer({ UTF8Check.firstError(in: $0) }) {
      let place = SourceText.place(ofByte: offset, in: content)
      let hex = String(content[content.startIndex + offset], radix: 16, uppercase: true)
      throw problem(.notUTF8, place, "byte 0x\(hex) is not UTF-8", utf8)
    }
    let source = SourceText(String(decoding: content, as: UTF8.self))
    for (number, line) in source.lines.enumerated() {
      guard let column = line.firstIndex(where: { !isPrintable($0) }) else { continue }
      let place = Place(line: number + 1, column: column + 1)
      let hex = String(line[column].value, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
      throw problem(
        .yamlSyntax, place, "the control character \(name) cannot stand in YAML",
        "take it out, or write it as an escape in double quotes")
    }
    return source
  }

  /// YAML's printable characters, apart from line breaks.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x20...0x7E, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
    default: false
    }
  }
}
