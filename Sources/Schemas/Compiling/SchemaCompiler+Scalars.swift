internal import Records

/// Keywords about values of any kind, numbers and strings.
extension SchemaCompiler {
  mutating func compileTypes(_ reader: KeywordReader) throws(SchemaError) {
    if let value = reader.value(.type) {
      emit(.kinds(try kinds(value, reader)), .type, reader)
    }
    if let value = reader.value(.const) {
      if let text = value.string {
        let strings = stringTable([text])
        emit(.enumeration(strings: strings, constants: .empty), .const, reader)
      } else {
        emit(.constant(Int32(program.constants.count)), .const, reader)
        program.constants.append(Constant(value))
      }
    }
    if let value = reader.value(.enum) {
      guard let elements = value.array else { throw reader.error(.enum, "an array") }
      let strings = elements.compactMap(\.string)
      let others = elements.filter { $0.string == nil }
      let first = Int32(program.constants.count)
      program.constants.append(contentsOf: others.map(Constant.init))
      emit(
        .enumeration(
          strings: strings.isEmpty ? -1 : stringTable(strings),
          constants: IndexList(start: first, count: Int32(others.count))), .enum, reader)
    }
  }

  private func kinds(_ value: JSONValue, _ reader: KeywordReader) throws(SchemaError) -> KindSet {
    var result: KindSet = []
    for name in value.array ?? [value] {
      guard let text = name.string, let kind = KindSet(name: text) else {
        let known = KindSet.names.map(\.name)
        let near = name.string.flatMap { NearNames.closest(to: $0, among: known) }
        throw reader.error(
          .type, "one or more of \(known.joined(separator: ", "))",
          hint: near.map { "did you mean \"\($0)\"?" })
      }
      result.insert(kind)
    }
    return result
  }

  private mutating func stringTable(_ strings: [String]) -> Int32 {
    var seen: Set<[UInt8]> = []
    var ranges: [PoolRange] = []
    for string in strings where seen.insert(Array(string.utf8)).inserted {
      ranges.append(pool(string))
    }
    program.tables.append(table(ranges))
    return Int32(program.tables.count - 1)
  }

  mutating func compileNumbers(_ reader: KeywordReader) throws(SchemaError) {
    if let text = try reader.number(.minimum) {
      emit(.minimum(pool(text)), .minimum, reader)
    }
    if let text = try reader.number(.maximum) {
      emit(.maximum(pool(text)), .maximum, reader)
    }
    if let text = try reader.number(.exclusiveMinimum) {
      emit(.exclusiveMinimum(pool(text)), .exclusiveMinimum, reader)
    }
    if let text = try reader.number(.exclusiveMaximum) {
      emit(.exclusiveMaximum(pool(text)), .exclusiveMaximum, reader)
    }
    if var text = try reader.number(.multipleOf) {
      let (divisor, isPositive) = text.withUTF8 { bytes in
        let number = ExactNumber(bytes)
        return (Divisor(number), !number.isZero && !number.isNegative)
      }
      guard isPositive else { throw reader.error(.multipleOf, "greater than 0") }
      guard let divisor else {
        throw SchemaError(
          .unsupportedNumber, at: reader.path(of: .multipleOf),
          "multipleOf has more than 19 significant digits")
      }
      emit(.multipleOf(divisor), .multipleOf, reader)
    }
  }

  mutating func compileStrings(_ reader: KeywordReader) throws(SchemaError) {
    if let count = try reader.count(.minLength), count > 0 {
      emit(.minLength(count), .minLength, reader)
    }
    if let count = try reader.count(.maxLength) {
      emit(.maxLength(count), .maxLength, reader)
    }
    if let source = try reader.string(.pattern) {
      let index = try pattern(source, at: reader.path(of: .pattern))
      emit(.pattern(index), .pattern, reader)
    }
    try compileFormat(reader)
    try compileContent(reader)
  }

  private mutating func compileFormat(_ reader: KeywordReader) throws(SchemaError) {
    guard let name = try reader.string(.format) else { return }
    guard let format = Format(name: name) else {
      noteUnknownFormat(name, reader)
      return
    }
    if assertsFormats || reader.dialect.assertsFormats {
      emit(.format(format), .format, reader)
    }
  }

  /// Draft 7 lets `contentEncoding` and `contentMediaType` assert; 2020-12 has them annotate only.
  private mutating func compileContent(_ reader: KeywordReader) throws(SchemaError) {
    let encoding = try reader.string(.contentEncoding)
    let mediaType = try reader.string(.contentMediaType)
    guard assertsFormats, reader.dialect.draft == .draft7 else { return }
    let rule = ContentRule(
      isBase64: encoding?.lowercased() == "base64",
      isJSON: mediaType?.lowercased() == "application/json"
        && (encoding == nil || encoding?.lowercased() == "base64"))
    guard rule.isBase64 || rule.isJSON else { return }
    emit(.content(rule), encoding == nil ? .contentMediaType : .contentEncoding, reader)
  }
}
