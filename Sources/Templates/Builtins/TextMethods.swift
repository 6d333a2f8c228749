/// Methods of text.
extension Renderer {
  /// Calls a method of text.
  mutating func callText(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    if let result = try callCase(name, of: text, arguments) { return result }
    if let result = try callCheck(name, of: text, arguments) { return result }
    switch name {
    case "strip", "lstrip", "rstrip":
      let bound = try bindPositional(arguments, Parameters("chars?"), name)
      let characters = try optionalText(bound[0], "chars")
      return .string(
        text.stripped(characters, start: name != "rstrip", end: name != "lstrip"))
    case "split", "rsplit", "splitlines", "partition", "rpartition":
      return try callCut(name, of: text, arguments)
    case "startswith", "endswith", "find", "rfind", "index", "rindex", "count":
      return try callSearch(name, of: text, arguments)
    case "center", "ljust", "rjust", "zfill", "expandtabs":
      return .string(try callLayout(name, of: text, arguments))
    case "replace":
      let bound = try bindPositional(arguments, Parameters("old", "new", "count?"), name)
      let old = try self.text(argument: bound[0], "old")
      var new = try self.text(argument: bound[1], "new")
      if text.isMarkup { new = new.escaped }
      let count = try integer(bound[2], or: -1, "count")
      return .string(try replaced(text, old, new, limit: count < 0 ? .max : count))
    case "removeprefix", "removesuffix":
      let bound = try bindPositional(arguments, Parameters("prefix"), name)
      return .string(removed(try self.text(argument: bound[0], "prefix"), from: text, name))
    case "join": return .string(try joined(text, arguments))
    case "format": return .string(try braceFormat(text, arguments))
    case "format_map":
      guard case .dict(let dict) = try only(arguments, name).shallow else {
        throw wrongType("'format_map' needs a mapping")
      }
      var named = Arguments()
      for (key, value) in zip(dict.keys, dict.values) {
        if let key = key.text { named.named.append((key, value)) }
      }
      return .string(try braceFormat(text, named))
    default: throw unsupported("the method '\(name)' of text is not supported")
    }
  }

  /// An argument that must be text.
  func text(argument value: Value?, _ name: String) throws(RenderError) -> Text {
    guard let value else { return Text("") }
    if case .undefined(let missing) = value { throw undefined(missing) }
    guard let text = value.text else {
      throw wrongArgument("'\(name)' must be text, not \(kind(of: value))")
    }
    return text
  }

  private func optionalText(_ value: Value?, _ name: String) throws(RenderError) -> Text? {
    switch value {
    case nil, .some(.none): return nil
    default: return try text(argument: value, name)
    }
  }

  private mutating func callCase(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Value? {
    let result: Text
    switch name {
    case "upper": result = CaseMapping.upper(text)
    case "lower": result = CaseMapping.lower(text)
    case "capitalize": result = CaseMapping.capitalized(text)
    case "title": result = CaseMapping.titled(text)
    case "swapcase": result = CaseMapping.swapped(text)
    case "casefold":
      guard text.isASCII else { throw unsupported("'casefold' beyond ASCII is not supported") }
      result = CaseMapping.lower(text)
    default: return nil
    }
    _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
    return .string(result)
  }

  private func callCheck(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Value? {
    func all(_ test: (Unicode.Scalar) -> Bool) -> Bool {
      !text.isEmpty && text.scalars.allSatisfy(test)
    }
    let result: Bool
    switch name {
    case "isalnum": result = all(CharacterClass.isAlphanumeric)
    case "isalpha": result = all(CharacterClass.isAlphabetic)
    case "isascii": result = text.isASCII
    case "isdecimal": result = all(CharacterClass.isDecimal)
    case "isdigit": result = all(CharacterClass.isDigit)
    case "isnumeric": result = all(CharacterClass.isNumeric)
    case "isspace": result = all(Whitespace.contains)
    case "isprintable": result = text.scalars.allSatisfy(Text.isPrintable)
    case "islower": result = CaseMapping.isLower(text)
    case "isupper": result = CaseMapping.isUpper(text)
    case "istitle": result = CaseMapping.isTitled(text)
    default: return nil
    }
    _ = try bind(arguments, to: Parameters(), of: "'\(name)'")
    return .bool(result)
  }

  private func callCut(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    switch name {
    case "splitlines":
      let bound = try bind(arguments, to: Parameters("keepends?"), of: "'splitlines'")
      var renderer = self
      let keeps = try renderer.isTrue(bound[0] ?? .bool(false))
      return .list(text.lines(keepingEnds: keeps).map { .string($0) })
    case "partition", "rpartition":
      let bound = try bindPositional(arguments, Parameters("sep"), name)
      return try partition(text, try self.text(argument: bound[0], "sep"), name)
    default:
      let bound = try bind(arguments, to: Parameters("sep?", "maxsplit?"), of: "'\(name)'")
      let separator = try optionalText(bound[0], "sep")
      let given = try integer(bound[1], or: -1, "maxsplit")
      let limit = given < 0 ? Int.max : given
      if let separator, separator.isEmpty { throw badValue("the separator is empty") }
      let parts: [Text]
      if name == "split" {
        parts = separator.map { text.parts(between: $0, limit: limit) } ?? text.words(limit: limit)
      } else {
        parts =
          separator.map { text.partsFromEnd(between: $0, limit: limit) }
          ?? text.wordsFromEnd(limit: limit)
      }
      return .list(parts.map { .string($0) })
    }
  }

  private func partition(
    _ text: Text, _ separator: Text, _ name: String
  ) throws(RenderError) -> Value {
    if separator.isEmpty { throw badValue("the separator is empty") }
    let isFirst = name == "partition"
    let found =
      isFirst
      ? ByteSearch.first(separator.bytes, in: text.bytes, from: 0)
      : ByteSearch.last(separator.bytes, in: text.bytes, to: text.bytes.count)
    guard let found else {
      let empty = text.alike([UInt8]())
      return .tuple(
        (isFirst ? [text, empty, empty] : [empty, empty, text]).map { .string($0) })
    }
    let end = found + separator.bytes.count
    return .tuple(
      [Array(text.bytes[..<found]), separator.bytes, Array(text.bytes[end...])]
        .map { .string(text.alike($0)) })
  }

  private mutating func callLayout(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Text {
    if name == "expandtabs" {
      let bound = try bind(arguments, to: Parameters("tabsize?"), of: "'expandtabs'")
      return try expanded(text, try integer(bound[0], or: 8, "tabsize"))
    }
    let parameters = name == "zfill" ? Parameters("width") : Parameters("width", "fillchar?")
    let bound = try bindPositional(arguments, parameters, name)
    let width = try integer(bound[0], or: 0, "width")
    if name == "zfill" {
      let hasSign = text.bytes.first == 0x2D || text.bytes.first == 0x2B
      let sign = hasSign ? [text.bytes[0]] : []
      let digits = text.alike(Array(text.bytes.dropFirst(sign.count)))
      return text.alike(sign + (try padded(digits, width - sign.count, "0", .right)).bytes)
    }
    let filler = try self.text(argument: bound[1] ?? .text(" "), "fillchar")
    guard filler.count == 1, let scalar = filler.scalars.first, !text.isMarkup || filler == " "
    else {
      throw wrongArgument("'fillchar' must be one character")
    }
    let alignments: [String: Alignment] = ["ljust": .left, "rjust": .right]
    return try padded(text, width, scalar, alignments[name] ?? .center)
  }

  private func expanded(_ text: Text, _ size: Int) throws(RenderError) -> Text {
    var result: [UInt8] = []
    var column = 0
    for scalar in text.scalars {
      if scalar == "\t" {
        guard size > 0 else { continue }
        let width = size - column % size
        result += try repeated([0x20], width)
        try check(byteCount: result.count)
        column += width
      } else {
        Text.append(scalar, to: &result)
        column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
      }
    }
    return text.alike(result)
  }

  private func removed(_ part: Text, from text: Text, _ name: String) -> Text {
    if part.isEmpty { return text }
    if name == "removeprefix" {
      guard ByteSearch.isMatch(part.bytes, in: text.bytes, at: 0) else { return text }
      return text.alike(Array(text.bytes.dropFirst(part.bytes.count)))
    }
    let start = text.bytes.count - part.bytes.count
    guard ByteSearch.isMatch(part.bytes, in: text.bytes, at: start) else { return text }
    return text.alike(Array(text.bytes[..<start]))
  }

  private mutating func joined(
    _ separator: Text, _ arguments: Arguments
  ) throws(RenderError) -> Text {
    var result: [UInt8] = []
    for (position, item) in try items(of: try only(arguments, "join")).enumerated() {
      if case .undefined(let missing) = item { throw undefined(missing) }
      let part = try separator.isMarkup ? text(item).escaped : item.text
      guard let part else {
        throw wrongType(
          "'join' needs text, not \(kind(of: item))", hint: "the filter 'join' takes anything")
      }
      if position > 0 { result += separator.bytes }
      result += part.bytes
      try check(byteCount: result.count)
    }
    return separator.alike(result)
  }
}
