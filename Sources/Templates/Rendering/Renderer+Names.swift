internal import Records

/// Names that come from outside: the record, its fields, the roots, global functions.
extension Renderer {
  /// The value of an external name, `missing` when nothing is known by it.
  mutating func external(_ index: Int, _ frame: Frame) -> Value {
    guard let program else { return .missing }
    let external = program.externals[index]
    guard let names = frame.names else { return outside(external, index) }
    if let value = names.find(external.name) { return value }
    if names.seesRecord { return outside(external, index) }
    return external.function.map { .object(.function($0)) } ?? .missing
  }

  private mutating func outside(_ external: borrowing ExternalName, _ index: Int) -> Value {
    if let view = view(of: external, index) { return Value(view) }
    return external.function.map { .object(.function($0)) } ?? .missing
  }

  /// The JSON value of an external name, nil when there is none.
  @inline(__always)
  mutating func view(of external: borrowing ExternalName, _ index: Int) -> JSONView? {
    guard let record = scope?.record else { return nil }
    switch external.origin {
    case .field:
      return external.name.bytes.withUnsafeBufferPointer {
        record.member($0, near: &positions[index])
      }
    case .record: return record
    case .root(let position):
      guard let roots = scope?.roots, position < roots.count else { return nil }
      return roots[position]
    }
  }

  /// The value of a variable or name; what is missing becomes undefined.
  func defined(_ value: Value, name: String) -> Value {
    guard case .missing = value else { return value }
    return .undefined(UndefinedValue(name: name, policy: policy))
  }

  var policy: TemplateEnvironment.UndefinedNames {
    program?.settings.undefinedNames ?? .strict
  }

  /// An undefined value with a sentence of its own.
  func undefinedValue(because reason: String) -> Value {
    .undefined(UndefinedValue(reason: reason, policy: policy))
  }

  /// An undefined member of a value.
  func undefinedMember(_ name: String, of owner: Value) -> Value {
    .undefined(UndefinedValue(name: name, owner: kind(of: owner), policy: policy))
  }

  /// Prepares the variables of a scope.
  mutating func enter(_ entry: ScopeEntry, _ frame: Frame) {
    for slot in entry.missing { frame.slots[slot] = .missing }
    for copy in entry.copied { frame.slots[copy.slot] = frame[copy.from] }
    for lookup in entry.lookedUp { frame.slots[lookup.slot] = external(lookup.external, frame) }
  }

  /// Forgets the variables of a scope.
  func leave(_ entry: ScopeEntry, _ frame: Frame) {
    for slot in entry.all { frame.slots[slot] = .missing }
  }
}
