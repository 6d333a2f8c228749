internal import Records

/// Evaluating expressions.
extension Renderer {
  /// The value of an expression; a filter without operand is applied to `block`, the text of a
  /// filter block.
  mutating func evaluate(
    _ expression: Expression, _ frame: Frame, block: Text? = nil
  ) throws(RenderError) -> Value {
    switch expression {
    case .constant(let constant): return Value(constant)
    case .local(let slot, let name, let mark):
      self.mark = mark
      return defined(frame[slot], name: name)
    case .external(let index, let mark):
      self.mark = mark
      let value = external(index, frame)
      guard case .missing = value else { return value }
      return defined(value, name: program?.externals[index].name.string ?? "")
    case .attribute(let owner, let name, let mark):
      let value = try evaluate(owner, frame)
      self.mark = mark
      return try attribute(name, of: value)
    case .item(let owner, let index, let mark):
      let value = try evaluate(owner, frame)
      let key = try evaluate(index, frame)
      self.mark = mark
      return try item(key, of: value)
    case .filter(let filter, let operand, let arguments, let mark):
      var value = Value.string(block ?? Text(""))
      if let operand { value = try evaluate(operand, frame, block: block) }
      let bound = try evaluate(arguments, frame, for: filter.parameters, filter.name)
      self.mark = mark
      return try filter.apply(&self, value, bound)
    case .test(let test, let operand, let arguments, let mark):
      let value = try evaluate(operand, frame)
      let bound = try evaluate(arguments, frame, for: test.parameters, test.name)
      self.mark = mark
      return .bool(try test.apply(&self, value, bound))
    case .call(let call, let mark): return try evaluate(call, frame, mark)
    case .tuple, .list, .dictionary: return try evaluate(container: expression, frame)
    case .and, .or, .not, .conditional, .comparison:
      return try evaluate(logic: expression, frame)
    default: return try evaluate(operators: expression, frame)
    }
  }

  private mutating func evaluate(
    container expression: Expression, _ frame: Frame
  ) throws(RenderError) -> Value {
    switch expression {
    case .tuple(let items): return .tuple(try evaluate(items, frame))
    case .list(let items): return .list(try evaluate(items, frame))
    case .dictionary(let pairs, let mark):
      let dict = DictValue()
      for pair in pairs {
        let key = try evaluate(pair.key, frame).loaded
        let value = try evaluate(pair.value, frame)
        self.mark = mark
        dict.set(try hashKey(key), key, value)
      }
      return .dict(dict)
    default: return .none
    }
  }

  /// The values of expressions.
  mutating func evaluate(
    _ expressions: [Expression], _ frame: Frame
  ) throws(RenderError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(expressions.count)
    for expression in expressions { values.append(try evaluate(expression, frame)) }
    return values
  }

  private mutating func evaluate(
    logic expression: Expression, _ frame: Frame
  ) throws(RenderError) -> Value {
    switch expression {
    case .and(let left, let right, let mark):
      let value = try evaluate(left, frame)
      self.mark = mark
      return try isTrue(value) ? try evaluate(right, frame) : value
    case .or(let left, let right, let mark):
      let value = try evaluate(left, frame)
      self.mark = mark
      return try isTrue(value) ? value : try evaluate(right, frame)
    case .not(let operand, let mark):
      let value = try evaluate(operand, frame)
      self.mark = mark
      return .bool(!(try isTrue(value)))
    case .conditional(let test, let then, let otherwise, let mark):
      let value = try evaluate(test, frame)
      self.mark = mark
      if try isTrue(value) { return try evaluate(then, frame) }
      if let otherwise { return try evaluate(otherwise, frame) }
      return .undefined(
        UndefinedValue(
          reason: "the 'if' of this expression is false and it has no 'else'", policy: .lenient))
    case .comparison(let first, let rest, let mark):
      var left = try evaluate(first, frame)
      for (position, part) in rest.enumerated() {
        let right = try evaluate(part.operand, frame)
        self.mark = mark
        let holds = try compare(left, part.sign, right)
        if !holds || position == rest.count - 1 { return .bool(holds) }
        left = right
      }
      return .bool(true)
    default: return .none
    }
  }

  private mutating func evaluate(
    operators expression: Expression, _ frame: Frame
  ) throws(RenderError) -> Value {
    switch expression {
    case .unary(let sign, let operand, let mark):
      let value = try evaluate(operand, frame)
      self.mark = mark
      return try apply(sign, to: value)
    case .binary(let sign, let left, let right, let mark):
      let first = try evaluate(left, frame)
      let second = try evaluate(right, frame)
      self.mark = mark
      return try apply(sign, first, second)
    case .concatenation(let parts, let mark):
      var buffer = ByteBuffer()
      for value in try evaluate(parts, frame) {
        self.mark = mark
        try emit(value, into: &buffer, .none)
        try check(byteCount: buffer.count)
      }
      return .string(Text(bytes: Array(buffer.bytes)))
    case .slice(let owner, let start, let stop, let step, let mark):
      let value = try evaluate(owner, frame)
      let bounds = try evaluate([start, stop, step].map { $0 ?? .constant(.none) }, frame)
      self.mark = mark
      return try slice(value, bounds[0], bounds[1], bounds[2])
    case .failure(let sentence, let mark):
      self.mark = mark
      throw failure("unknown-name", sentence)
    default: return .none
    }
  }
}
