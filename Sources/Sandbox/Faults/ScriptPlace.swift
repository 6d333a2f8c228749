internal import Records

/// Where in a script something stands, for errors.
struct ScriptPlace: Sendable {
  let name: String

  init(_ name: String) { self.name = name }

  func inside(_ member: String) -> ScriptPlace { ScriptPlace("\(name), \(member)") }

  func error(_ problem: String) -> SandboxError {
    SandboxError(
      .scriptInvalid, "\(name) \(problem)",
      hint: "the page on the sandbox lists what a script may say")
  }

  /// Parses an object.
  func object(_ bytes: [UInt8]) throws(SandboxError) -> JSONValue {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw self.error("is not JSON: \(error)")
    }
    guard value.members != nil else { throw error("is no object") }
    return value
  }

  /// Refuses members that mean nothing: a misspelt fault would be no fault.
  func allow(_ names: Set<String>, in json: JSONValue) throws(SandboxError) {
    guard let members = json.members else { throw error("is no object") }
    for member in members where !names.contains(member.key) {
      throw error(
        "has an unknown member '\(member.key)'; there are \(names.sorted().joined(separator: ", "))"
      )
    }
  }
}
