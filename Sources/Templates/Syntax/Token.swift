/// One word of a template.
struct Token: Sendable {
  enum Kind: Hashable, Sendable {
    case data, variableBegin, variableEnd, blockBegin, blockEnd, name, string, integer, float
    case add, sub, mul, div, floorDiv, mod, pow, tilde
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case assign, dot, colon, pipe, comma, semicolon, end
  }

  let kind: Kind
  /// The offset of its first byte.
  let offset: Int
  /// Template data, a name, the decoded text of a string, the digits of a number without underscores; else empty.
  var text: [UInt8] = []

  /// The text as a string.
  var string: String { String(decoding: text, as: UTF8.self) }

  /// How an error message calls it.
  var spoken: String {
    switch kind {
    case .data: "text"
    case .variableBegin: "'{{'"
    case .variableEnd: "'}}'"
    case .blockBegin: "'{%'"
    case .blockEnd: "'%}'"
    case .name: "'\(string)'"
    case .string: "a string"
    case .integer, .float: "the number \(string)"
    case .end: "the end of the template"
    default: "'\(kind.spelling)'"
    }
  }
}

extension Token.Kind {
  /// Operators, longest first.
  static let operators: [(text: [UInt8], kind: Token.Kind)] = spellings.map {
    (Array($0.utf8), $1)
  }

  private static let spellings: [(String, Token.Kind)] = [
    ("//", .floorDiv), ("**", .pow), ("==", .equal), ("!=", .notEqual), (">=", .greaterOrEqual),
    ("<=", .lessOrEqual), ("+", .add), ("-", .sub), ("/", .div), ("*", .mul), ("%", .mod),
    ("~", .tilde), ("[", .leftBracket), ("]", .rightBracket), ("(", .leftParenthesis),
    (")", .rightParenthesis), ("{", .leftBrace), ("}", .rightBrace), (">", .greater),
    ("<", .less), ("=", .assign), (".", .dot), (":", .colon), ("|", .pipe), (",", .comma),
    (";", .semicolon),
  ]

  /// How an operator is written; what the others are.
  var spelling: String {
    if let known = Self.operators.first(where: { $0.kind == self }) {
      return String(decoding: known.text, as: UTF8.self)
    }
    switch self {
    case .variableEnd: return "}}"
    case .blockEnd: return "%}"
    case .name: return "name"
    default: return "\(self)"
    }
  }
}
