/// An expression as it was written.
struct ExpressionSyntax: Sendable {
  indirect enum Kind: Sendable {
    case constant(Constant)
    case name(String)
    case tuple([ExpressionSyntax])
    case list([ExpressionSyntax])
    case dictionary([(key: ExpressionSyntax, value: ExpressionSyntax)])
    case unary(UnaryOperator, ExpressionSyntax)
    case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
    case concatenation([ExpressionSyntax])
    case comparison(ExpressionSyntax, [(sign: ComparisonOperator, operand: ExpressionSyntax)])
    case and(ExpressionSyntax, ExpressionSyntax)
    case or(ExpressionSyntax, ExpressionSyntax)
    case not(ExpressionSyntax)
    case conditional(
      test: ExpressionSyntax, then: ExpressionSyntax, otherwise: ExpressionSyntax?)
    case attribute(ExpressionSyntax, String)
    case item(ExpressionSyntax, ExpressionSyntax)
    /// Stands only inside the brackets of an `item`.
    case slice(ExpressionSyntax?, ExpressionSyntax?, ExpressionSyntax?)
    case call(ExpressionSyntax, ArgumentsSyntax)
    /// A filter; without operand, that of a filter block.
    case filter(ExpressionSyntax?, name: String, ArgumentsSyntax)
    case test(ExpressionSyntax, name: String, ArgumentsSyntax)
  }

  let kind: Kind
  /// The offset in the source that an error about it names.
  let offset: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}

/// The arguments of a call, a filter or a test.
struct ArgumentsSyntax: Sendable {
  var positional: [ExpressionSyntax] = []
  var named: [(name: String, value: ExpressionSyntax)] = []
  /// What stands after `*`.
  var spread: ExpressionSyntax?
  /// What stands after `**`.
  var namedSpread: ExpressionSyntax?

  var isEmpty: Bool {
    positional.isEmpty && named.isEmpty && spread == nil && namedSpread == nil
  }

  /// All expressions in it.
  var all: [ExpressionSyntax] {
    positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 }
  }
}

/// A value that stands in a template itself.
enum Constant: Sendable {
  case none
  case bool(Bool)
  case integer(BigInteger)
  case float(Double)
  case text(Text)
}

enum UnaryOperator: Sendable { case negate, plus }

enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"
}

enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case `in` = "in"
  case notIn = "not in"
}

extension ExpressionSyntax {
  /// The expressions right below this one, in order.
  var children: [ExpressionSyntax] {
    switch kind {
    case .constant, .name: []
    case .tuple(let items), .list(let items), .concatenation(let items): items
    case .dictionary(let pairs): pairs.flatMap { [$0.key, $0.value] }
    case .unary(_, let operand), .not(let operand), .attribute(let operand, _): [operand]
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .item(let left, let right):
      [left, right]
    case .comparison(let first, let rest): [first] + rest.map(\.operand)
    case .conditional(let test, let then, let otherwise):
      [test, then] + [otherwise].compactMap { $0 }
    case .slice(let start, let stop, let step): [start, stop, step].compactMap { $0 }
    case .call(let callee, let arguments): [callee] + arguments.all
    case .filter(let operand, _, let arguments): [operand].compactMap { $0 } + arguments.all
    case .test(let operand, _, let arguments): [operand] + arguments.all
    }
  }

  /// Calls `body` for every name the expression reads.
  func forEachName(_ body: (String) -> Void) {
    if case .name(let name) = kind { body(name) }
    for child in children { child.forEachName(body) }
  }
}
