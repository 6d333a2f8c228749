/// What a template may refer to, and how it is read.
///
/// The same environment compiles many templates.
public struct TemplateEnvironment: Sendable {
  /// What becomes of a name that nothing is known by.
  public enum UndefinedNames: Sendable {
    /// It may be tested and given a default; every other use is an error. Jinja's `StrictUndefined`.
    case strict
    /// It prints as nothing and is an empty list; its members are an error. Jinja's `Undefined`.
    case lenient
    /// As lenient, and its members are undefined too. Jinja's `ChainableUndefined`.
    case chainable
    /// As lenient, but prints as `{{ name }}`. Jinja's `DebugUndefined`.
    case debug
  }

  /// Names of values beside the record (`output`, `item`, `vars`, …), in the order of
  /// `TemplateScope.roots`.
  ///
  /// They win over fields of the same name, and so does `record`, which is always there.
  public var roots: [String]
  /// Gives the text of a file that a template includes or imports, nil when there is none.
  ///
  /// It is asked while a template is compiled, never afterwards.
  public var loader: (@Sendable (_ name: String) -> String?)?
  /// What one render may cost.
  public var limits = RenderLimits()
  /// Whether the first newline after a tag is removed.
  public var trimBlocks = false
  /// Whether blanks before a tag that starts a line are removed.
  public var lstripBlocks = false
  /// Whether a newline at the very end of a template stays.
  public var keepTrailingNewline = false
  /// What becomes of a name that nothing is known by.
  public var undefinedNames = UndefinedNames.strict
  /// Whether an unknown filter or test inside an `if` is an error only when it is reached, as in Jinja,
  /// instead of when the template is compiled.
  public var toleratesUnknownFiltersInBranches = false
  /// How many characters of text the filters `tokens` and `truncate_tokens` count as one token.
  public var charactersPerToken = 4.0

  /// Creates an environment with the defaults of Jinja, but strict about undefined names.
  public init(
    roots: [String] = [], loader: (@Sendable (_ name: String) -> String?)? = nil
  ) {
    self.roots = roots
    self.loader = loader
  }
}
