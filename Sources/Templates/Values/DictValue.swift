internal import Records

/// A dict: shared by all that name it, in the order in which keys came, as in Python.
final class DictValue {
  private(set) var keys: [Value] = []
  private(set) var values: [Value] = []
  private var positions: [HashKey: Int] = [:]

  init() {}

  /// The members of an object of the scope; of a repeated key the last value, at the first one's place.
  convenience init(_ view: JSONView) {
    self.init()
    for member in view.members {
      let key = Text(member.key)
      set(.text(key), .string(key), Value(member.value))
    }
  }

  /// A copy that can be changed on its own.
  init(copying other: DictValue) {
    keys = other.keys
    values = other.values
    positions = other.positions
  }

  var count: Int { keys.count }

  func get(_ key: HashKey) -> Value? { positions[key].map { values[$0] } }

  func get(_ name: String) -> Value? { get(.text(Text(name))) }

  func set(_ hash: HashKey, _ key: Value, _ value: Value) {
    if let position = positions[hash] {
      values[position] = value
      return
    }
    positions[hash] = keys.count
    keys.append(key)
    values.append(value)
  }

  func set(_ name: Text, _ value: Value) { set(.text(name), .string(name), value) }

  /// Takes a key out and returns its value.
  func remove(_ key: HashKey) -> Value? {
    guard let position = positions.removeValue(forKey: key) else { return nil }
    keys.remove(at: position)
    for (other, place) in positions where place > position { positions[other] = place - 1 }
    return values.remove(at: position)
  }

  func removeAll() {
    keys = []
    values = []
    positions = [:]
  }
}

/// What a key of a dict is compared by: numbers by value whatever their type, text by bytes, the rest by identity.
enum HashKey: Hashable {
  case none
  case int(Int)
  case big(BigInteger)
  case float(UInt64)
  case text(Text)
  case tuple([HashKey])
  case object(ObjectIdentifier)
  case undefined
}

/// `keys()`, `values()` or `items()` of a dict: follows its changes.
struct DictView {
  enum Part: String { case keys, values, items }
  let dict: DictValue
  let part: Part

  /// The elements it has now.
  var items: [Value] {
    switch part {
    case .keys: dict.keys
    case .values: dict.values
    case .items: zip(dict.keys, dict.values).map { .tuple([$0, $1]) }
    }
  }
}
