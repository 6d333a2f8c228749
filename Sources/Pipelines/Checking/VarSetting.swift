/// What one `--set name=value` says.
public struct VarSetting: Hashable, Sendable {
  /// The variable.
  public let name: String
  /// Its value, as typed.
  public let text: String

  /// Creates a setting.
  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// Reads `name=value`; nil when there is no `=` or nothing before it.
  public init?(parsing argument: String) {
    guard let mark = argument.firstIndex(of: "="), mark != argument.startIndex else { return nil }
    name = String(argument[..<mark])
    text = String(argument[argument.index(after: mark)...])
  }
}
