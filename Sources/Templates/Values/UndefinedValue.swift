/// What stands for a value that is not there.
struct UndefinedValue {
  /// What was looked for: a name, a member; nil when there is only a sentence.
  var name: String?
  /// The kind of value that has no such member; nil for a variable.
  var owner: String?
  /// Why there is nothing, where that is neither a name nor a member.
  var reason: String?
  var policy: TemplateEnvironment.UndefinedNames

  /// One sentence on what is missing.
  var sentence: String {
    if let reason { return reason }
    let name = name ?? "?"
    if let owner { return "\(owner) has no member '\(name)'" }
    return "'\(name)' is not defined"
  }
}
