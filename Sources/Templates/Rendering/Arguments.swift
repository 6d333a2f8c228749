/// The values a function is called with.
struct Arguments {
  var positional: [Value] = []
  var named: [(name: Text, value: Value)] = []
}

/// What a filter, a test, a function or a method takes.
struct Parameters: Sendable {
  let names: [String]
  let requiredCount: Int
  /// Whether any number of further arguments is taken.
  let takesMore: Bool
  /// Whether arguments with any name are taken.
  let takesNames: Bool
  /// Whether arguments are taken by position alone.
  private var isPositional = false

  /// Names the parameters in order; those that end in `?` may be left out.
  init(_ names: String..., more takesMore: Bool = false, names takesNames: Bool = false) {
    self.names = names.map { $0.hasSuffix("?") ? String($0.dropLast()) : $0 }
    requiredCount = names.count { !$0.hasSuffix("?") }
    self.takesMore = takesMore
    self.takesNames = takesNames
  }

  /// The same, with nothing given by name.
  var byPosition: Parameters {
    var parameters = self
    parameters.isPositional = true
    return parameters
  }

  /// What is wrong with a call, nil when nothing is.
  func problem(positionalCount: Int, names given: [String]) -> String? {
    if positionalCount > names.count, !takesMore {
      return names.isEmpty
        ? "takes no arguments" : "takes not more than \(names.count) argument(s)"
    }
    for name in given {
      guard !isPositional, let position = names.firstIndex(of: name) else {
        if takesNames { continue }
        return "takes no argument '\(name)'"
      }
      if position < positionalCount { return "is given '\(name)' twice" }
    }
    for (position, name) in names.prefix(requiredCount).enumerated()
    where position >= positionalCount && !given.contains(name) {
      return "needs the argument '\(name)'"
    }
    return nil
  }

  /// What can be given, for a hint.
  var usage: String? {
    guard !names.isEmpty else { return nil }
    return "it takes: " + names.joined(separator: ", ")
  }
}

/// Arguments sorted into parameters.
struct Bound {
  private let values: [Value?]
  /// Further arguments.
  let rest: [Value]
  /// Arguments with other names.
  let others: [(name: Text, value: Value)]

  static var empty: Bound { Bound() }

  private init() {
    values = []
    rest = []
    others = []
  }

  /// - Precondition: `parameters` has no problem with the arguments.
  init(_ arguments: Arguments, _ parameters: Parameters) {
    var values: [Value?] = Array(arguments.positional.prefix(parameters.names.count))
    values += Array(repeating: nil, count: parameters.names.count - values.count)
    var others: [(name: Text, value: Value)] = []
    for argument in arguments.named {
      if let position = parameters.names.firstIndex(where: { Text($0) == argument.name }) {
        values[position] = argument.value
      } else {
        others.append(argument)
      }
    }
    self.values = values
    self.others = others
    rest = Array(arguments.positional.dropFirst(parameters.names.count))
  }

  /// The argument of a parameter, nil when it was left out.
  subscript(_ position: Int) -> Value? {
    position < values.count ? values[position]?.loaded : nil
  }

  /// The argument of a parameter, nil when it was left out or is None.
  func given(_ position: Int) -> Value? {
    if case .some(.none) = self[position] { return nil }
    return self[position]
  }
}
