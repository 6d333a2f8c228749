internal import Records

/// A value while a template runs: what Python would have.
enum Value {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer that does not fit `int`.
  case big(BigInteger)
  case float(Double)
  case string(Text)
  case list(ListValue)
  case tuple(TupleValue)
  case dict(DictValue)
  /// `keys()`, `values()` or `items()` of a dict.
  case dictView(DictView)
  case range(RangeValue)
  /// What can be walked over once: a generator in Python.
  case iterator(ValueIterator)
  /// A string, array or object of the scope that nobody had to copy yet.
  case view(JSONView)
  case undefined(UndefinedValue)
  case object(TemplateObject)
  /// No value at all: what a variable is before it is set.
  case missing

  /// The value of a JSON value: scalars at once, the rest lazily.
  init(_ view: JSONView) {
    switch view.kind {
    case .null: self = .none
    case .true: self = .bool(true)
    case .false: self = .bool(false)
    case .string, .array, .object: self = .view(view)
    case .number: self = Value(number: view)
    }
  }

  private init(number view: JSONView) {
    if view.node.flags.contains(.integer) {
      if let value = Self.int(view.rawBytes) {
        self = .int(value)
      } else {
        self = Value(BigInteger(digits: view.rawBytes) ?? BigInteger(0))
      }
    } else {
      self = .float(view.double ?? .nan)
    }
  }

  /// The integer that JSON digits stand for, nil when it may not fit.
  private static func int(_ digits: UnsafeBufferPointer<UInt8>) -> Int? {
    guard digits.count <= 18 else { return nil }
    let isNegative = digits.first == 0x2D
    var value = 0
    for byte in digits.dropFirst(isNegative ? 1 : 0) { value = value * 10 + Int(byte - 0x30) }
    return isNegative ? -value : value
  }

  /// An integer of any size, in its smallest form.
  init(_ value: BigInteger) {
    if let int = value.int { self = .int(int) } else { self = .big(value) }
  }

  init(_ value: Constant) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = Value(value)
    case .float(let value): self = .float(value)
    case .text(let value): self = .string(value)
    }
  }

  /// A string.
  static func text(_ string: String) -> Value { .string(Text(string)) }

  /// A new list.
  static func list(_ items: [Value]) -> Value { .list(ListValue(items)) }

  /// A new tuple.
  static func tuple(_ items: [Value]) -> Value { .tuple(TupleValue(items)) }

  /// The value with a string of the scope read out; arrays and objects stay views.
  var loaded: Value {
    if case .view(let view) = self, view.kind == .string { return .string(Text(view)) }
    return self
  }

  /// The value with arrays and objects of the scope made lists and dicts, one level deep.
  var shallow: Value {
    guard case .view(let view) = self else { return self }
    switch view.kind {
    case .array: return .list(view.elements.map { Value($0) })
    case .object: return .dict(DictValue(view))
    default: return .string(Text(view))
    }
  }

  /// The text of a string, nil for everything else.
  var text: Text? {
    if case .string(let text) = loaded { text } else { nil }
  }
}

extension Text {
  /// The text of a string of the scope.
  init(_ view: JSONView) {
    if view.node.flags.contains(.needsDecoding) {
      var buffer = ByteBuffer(capacity: view.rawBytes.count)
      view.appendText(to: &buffer)
      self.init(bytes: Array(buffer.bytes))
    } else {
      self.init(bytes: Array(view.rawBytes))
    }
  }
}
