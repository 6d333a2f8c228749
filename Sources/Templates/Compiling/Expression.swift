/// A compiled expression.
indirect enum Expression: Sendable {
  case constant(Constant)
  case local(SlotReference, name: String, Mark)
  case external(Int, Mark)
  case tuple([Expression])
  case list([Expression])
  case dictionary([(key: Expression, value: Expression)], Mark)
  case unary(UnaryOperator, Expression, Mark)
  case binary(BinaryOperator, Expression, Expression, Mark)
  case concatenation([Expression], Mark)
  case comparison(
    Expression, [(sign: ComparisonOperator, operand: Expression)], Mark)
  case and(Expression, Expression, Mark)
  case or(Expression, Expression, Mark)
  case not(Expression, Mark)
  case conditional(test: Expression, then: Expression, otherwise: Expression?, Mark)
  case attribute(Expression, String, Mark)
  case item(Expression, Expression, Mark)
  case slice(
    Expression, start: Expression?, stop: Expression?, step: Expression?, Mark)
  case call(Call, Mark)
  /// A filter; without operand, that of a filter block.
  case filter(Filter, Expression?, ArgumentList, Mark)
  case test(Test, Expression, ArgumentList, Mark)
  /// Something that is an error only when it is reached.
  case failure(String, Mark)
}

/// A call of a value.
struct Call: Sendable {
  let callee: Expression
  let arguments: ArgumentList
}

/// The arguments of a call, a filter or a test.
struct ArgumentList: Sendable {
  var positional: [Expression] = []
  var named: [(name: String, value: Expression)] = []
  var spread: Expression?
  var namedSpread: Expression?
}
