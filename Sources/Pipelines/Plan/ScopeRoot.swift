internal import Templates

/// The names that templates and expressions see beside the record's fields. Raw values are their
/// places in `TemplateScope.roots`; every template and expression of a plan is compiled with all of
/// them.
public enum ScopeRoot: Int, CaseIterable, Sendable {
  /// The answer: in `where` and templates that of the stage that is read, in `set` the stage's own.
  /// An object: the validated answer where the stage has a schema, else `{"text": …}`.
  case output
  /// After `each`: the element; also in the stages that read such a stage.
  case item
  /// After `each`: its position, from 0.
  case index
  /// After `group`: the group's records, each with its `key` and, of a stage, its `output`; also in the stages that read
  /// such a stage.
  case items
  /// An object with a member for each ancestor stage: `{"output": …}`.
  case stages
  /// The variables, an object.
  case vars
  /// After `join`: the record that belongs to this one, null where there is none; also in the stages that read such a
  /// stage.
  case joined

  /// The name in templates.
  public var name: String {
    switch self {
    case .output: "output"
    case .item: "item"
    case .index: "index"
    case .items: "items"
    case .stages: "stages"
    case .vars: "vars"
    case .joined: "joined"
    }
  }

  /// The names in the order of `TemplateScope.roots`.
  public static let names = allCases.map(\.name)

  /// Names that mean something else than a field of that name: the roots and `record`.
  public static let reservedNames = ["record"] + names

  /// The environment that everything in a plan is compiled in.
  ///
  /// Templates are included from files in `directory` and below it, and from nowhere else; `loaded` takes
  /// note of them. `settings` is the section `templates`.
  static func environment(
    in directory: String, _ settings: Section, noting loaded: LoadedTexts
  ) -> TemplateEnvironment {
    var environment = TemplateEnvironment(roots: names) { name in
      let isInside = !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
      guard isInside, let bytes = FilePath.bytes(of: FilePath.resolve(name, in: directory)) else {
        return nil
      }
      let text = String(validating: bytes, as: UTF8.self)
      if let text { loaded.note(name, text) }
      return text
    }
    environment.trimBlocks = settings.boolean("trim_blocks") ?? false
    environment.lstripBlocks = settings.boolean("lstrip_blocks") ?? false
    var limits = RenderLimits()
    limits.outputByteCount = settings.byteCount("max_output") ?? limits.outputByteCount
    limits.iterationCount = settings.integer("max_steps") ?? limits.iterationCount
    limits.depth = settings.integer("max_depth") ?? limits.depth
    environment.limits = limits
    return environment
  }
}
