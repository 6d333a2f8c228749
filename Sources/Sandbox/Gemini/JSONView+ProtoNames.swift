internal import Records

extension JSONView {
  /// A member by its name in camel case, or in the snake case that protocol buffers take as well.
  func either(_ name: String) -> JSONView? { self[name] ?? self[ProtoName.snake(name)] }
}

extension JSONValue {
  /// A member by its name in camel case, or in the snake case that protocol buffers take as well.
  func either(_ name: String) -> JSONValue? { self[name] ?? self[ProtoName.snake(name)] }
}

/// Names of members as protocol buffers write them in JSON.
enum ProtoName {
  static func snake(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if character.isUppercase { text += "_" }
      text += character.lowercased()
    }
  }
}
