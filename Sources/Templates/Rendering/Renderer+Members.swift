internal import Records

/// Members, elements and slices.
extension Renderer {
  /// `value.name`: a member or method of the value itself, else an element of that name.
  mutating func attribute(_ name: String, of value: Value) throws(RenderError) -> Value {
    if case .view(let view) = value, view.kind == .object, !Methods.dict.contains(name) {
      return view[name].map { Value($0) } ?? undefinedMember(name, of: value)
    }
    if let found = try ownMember(name, of: value) { return found }
    switch value {
    case .dict(let dict): return dict.get(name) ?? undefinedMember(name, of: value)
    default: return undefinedMember(name, of: value)
    }
  }

  /// `value[key]`: an element, else a member of that name.
  mutating func item(_ key: Value, of value: Value) throws(RenderError) -> Value {
    if let found = try element(key.loaded, of: value) { return found }
    if let name = key.text?.string, let found = try ownMember(name, of: value) { return found }
    guard let name = key.text?.string else {
      return undefinedMember(try text(repr: key), of: value)
    }
    return undefinedMember(name, of: value)
  }

  /// An element of a list, a mapping or text; nil when there is none.
  private mutating func element(_ key: Value, of value: Value) throws(RenderError) -> Value? {
    if case .undefined(let missing) = value {
      if missing.policy == .chainable { return value }
      throw undefined(missing)
    }
    switch value.shallowIfObject {
    case .view(let view) where view.kind == .object:
      guard let name = key.text else {
        _ = try hashKeyIfPossible(key)
        return nil
      }
      return name.bytes.withUnsafeBufferPointer { view[utf8: $0] }.map { Value($0) }
    case .view(let view) where view.kind == .array:
      guard let position = integer(key) else { return nil }
      return view.element(at: position).map { Value($0) }
    case .view(let view): return character(key, of: Text(view))
    case .string(let text): return character(key, of: text)
    case .dict(let dict):
      guard let hash = try hashKeyIfPossible(key) else { return nil }
      return dict.get(hash)
    case .list(let list): return position(key, list.items.count).map { list.items[$0] }
    case .tuple(let tuple): return position(key, tuple.items.count).map { tuple.items[$0] }
    case .range(let range): return position(key, range.count).map { .int(range[$0]) }
    case .object(.namespace(let namespace)):
      guard let name = key.text else { return nil }
      return namespace.members.get(.text(name))
    default: return nil
    }
  }

  /// What a key is compared by, nil for values that cannot be keys.
  func hashKeyIfPossible(_ key: Value) throws(RenderError) -> HashKey? {
    switch key.loaded {
    case .list, .dict, .dictView, .view, .iterator: return nil
    default: return try hashKey(key)
    }
  }

  /// An index counted from either end, nil when it is outside.
  func position(_ key: Value, _ count: Int) -> Int? {
    guard let index = integer(key) else { return nil }
    let position = index < 0 ? index + count : index
    return position >= 0 && position < count ? position : nil
  }

  private func character(_ key: Value, of text: Text) -> Value? {
    guard text.isASCII else {
      let scalars = text.scalars
      return position(key, scalars.count).map {
        .string(Text([scalars[$0]], isMarkup: text.isMarkup))
      }
    }
    return position(key, text.bytes.count).map { .string(text.alike([text.bytes[$0]])) }
  }

  /// `value[start:stop:step]`.
  mutating func slice(
    _ value: Value, _ start: Value, _ stop: Value, _ step: Value
  ) throws(RenderError) -> Value {
    if case .undefined(let missing) = value {
      if missing.policy == .chainable { return value }
      throw undefined(missing)
    }
    var bounds: [Int?] = []
    for bound in [start, stop, step] {
      if case .undefined(let missing) = bound { throw undefined(missing) }
      if case .none = bound {
        bounds.append(nil)
      } else if let index = integer(bound) {
        bounds.append(index)
      } else if case .big(let big) = bound {
        bounds.append(big.isNegative ? Int.min / 2 : Int.max / 2)
      } else {
        throw wrongType("the bounds of a slice must be integers")
      }
    }
    if bounds[2] == 0 { throw badValue("the step of a slice cannot be 0") }
    return try slice(value.shallow, Slice(bounds[0], bounds[1], bounds[2] ?? 1))
  }

  private mutating func slice(_ value: Value, _ slice: Slice) throws(RenderError) -> Value {
    switch value {
    case .string(let text): return .string(text.slice(slice))
    case .list(let list): return .list(slice.indices(list.items.count).map { list.items[$0] })
    case .tuple(let tuple):
      return .tuple(slice.indices(tuple.items.count).map { tuple.items[$0] })
    case .range(let range):
      let bounds = slice.resolved(range.count)
      return .range(
        RangeValue(
          start: range[bounds.start], stop: range[bounds.stop], step: range.step * slice.step))
    default: throw wrongType("\(kind(of: value)) cannot be sliced")
    }
  }
}

extension Value {
  /// An object of the scope with repeated keys as a dict; everything else as it is.
  fileprivate var shallowIfObject: Value {
    guard case .view(let view) = self, view.kind == .object,
      view.node.flags.contains(.duplicateKeys)
    else { return self }
    return shallow
  }
}
