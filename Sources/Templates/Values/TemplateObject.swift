/// Values that are neither data nor text: functions, macros, loops, namespaces.
enum TemplateObject {
  case function(GlobalFunction)
  indirect case method(BoundMethod)
  case macro(MacroValue)
  case loop(LoopValue)
  case namespace(NamespaceValue)
  case cycler(CyclerValue)
  case joiner(JoinerValue)
  case module(ModuleValue)

  /// What a message calls it.
  var kind: String {
    switch self {
    case .function(let function): "the function '\(function.name)'"
    case .method(let method): "the method '\(method.name)'"
    case .macro: "a macro"
    case .loop: "the loop"
    case .namespace: "a namespace"
    case .cycler: "a cycler"
    case .joiner: "a joiner"
    case .module: "an imported template"
    }
  }

  /// The object behind it, if it has an identity.
  var identity: ObjectIdentifier? {
    switch self {
    case .function, .method: nil
    case .macro(let value): ObjectIdentifier(value)
    case .loop(let value): ObjectIdentifier(value)
    case .namespace(let value): ObjectIdentifier(value)
    case .cycler(let value): ObjectIdentifier(value)
    case .joiner(let value): ObjectIdentifier(value)
    case .module(let value): ObjectIdentifier(value)
    }
  }
}

/// A method of a value, before it is called.
struct BoundMethod {
  let owner: Value
  let name: String
}

/// `namespace(...)`: the only value whose members a template may set.
final class NamespaceValue {
  let members = DictValue()
}

/// `cycler(...)`.
final class CyclerValue {
  let items: [Value]
  var position = 0

  init(_ items: [Value]) { self.items = items }
}

/// `joiner(separator)`: nothing the first time, then the separator.
final class JoinerValue {
  let separator: Value
  var isUsed = false

  init(_ separator: Value) { self.separator = separator }
}

/// An imported template: its macros and top-level variables.
final class ModuleValue {
  let name: String
  let members: DictValue
  /// What the template printed while it was imported.
  let text: Text

  init(name: String, members: DictValue, text: Text) {
    self.name = name
    self.members = members
    self.text = text
  }
}
