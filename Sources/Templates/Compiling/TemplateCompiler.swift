/// Makes a program of a template: finds out what names mean, which files are included, what is read.
///
/// One compiler compiles one template and the files it includes.
final class TemplateCompiler {
  let environment: TemplateEnvironment
  private(set) var sources: [SourceText] = []
  var reads = FieldReads()
  private var units: [Unit?] = []
  private var unitIndices: [Text: Int] = [:]
  private var externals: [ExternalName] = []
  private var externalIndices: [Text: Int] = [:]
  private var plainText: [UInt8] = []
  private var escapedText: [UInt8] = []

  /// The scope that is compiled.
  var scope: NameScope
  /// The source that is compiled.
  var sourceIndex = 0
  /// How many loops of the present function are around.
  var loopCount = 0
  /// How many blocks are around whose text is collected: macros, filter and set blocks.
  var captureCount = 0
  /// How many branches are around.
  var branchCount = 0
  /// Names that are known to be defined where the compiler is.
  var guarded: [[String]] = []
  /// Loop targets whose values are the elements of a list below a root, with the path of an element.
  var elements: [Variable: [String]] = [:]
  /// Names that an including template gives to the file that is compiled.
  var givenNames: Set<Text> = []
  /// Whether the file that is compiled sees the record.
  var seesRecord = true
  /// Inside what must not mark a read: the operand of `is defined` or `default`.
  var isGuarded = false

  init(_ environment: TemplateEnvironment) {
    self.environment = environment
    scope = NameScope(parent: nil, function: FunctionScope(parent: nil))
  }

  var source: SourceText { sources[sourceIndex] }

  func mark(_ offset: Int) -> Mark { Mark(source: Int32(sourceIndex), offset: Int32(offset)) }

  /// Compiles a template.
  static func compile(
    _ text: String, name: String, in environment: TemplateEnvironment
  ) throws(TemplateError) -> (program: Program, reads: FieldReads) {
    let compiler = TemplateCompiler(environment)
    _ = try compiler.unit(text, name: name)
    return (compiler.program(), compiler.reads)
  }

  /// Compiles an expression.
  static func compile(
    expression text: String, name: String, in environment: TemplateEnvironment
  ) throws(TemplateError) -> (expression: Expression, program: Program, reads: FieldReads) {
    let compiler = TemplateCompiler(environment)
    let source = SourceText(text, name: name, keepsLastNewline: true)
    compiler.sources = [source]
    var parser = TemplateParser(source, tokens: try TemplateLexer.expression(source))
    let syntax = try parser.wholeExpression()
    compiler.scope.note(syntax)
    let expression = try compiler.expression(syntax)
    return (expression, compiler.program(), compiler.reads)
  }

  private func program() -> Program {
    Program(
      units: units.compactMap { $0 }, sources: sources, externals: externals,
      plainText: plainText, escapedText: escapedText,
      settings: Program.Settings(
        limits: environment.limits, undefinedNames: environment.undefinedNames,
        charactersPerToken: environment.charactersPerToken))
  }

  /// Compiles a file and returns the index of its unit.
  private func unit(_ text: String, name: String) throws(TemplateError) -> Int {
    let index = units.count
    units.append(nil)
    unitIndices[Text(name)] = index
    sourceIndex = sources.count
    sources.append(
      SourceText(text, name: name, keepsLastNewline: environment.keepTrailingNewline))
    let tokens = try TemplateLexer.template(source, in: environment)
    var parser = TemplateParser(source, tokens: tokens)
    let statements = try parser.template()
    scope = NameScope(parent: nil, function: FunctionScope(parent: nil))
    scope.note(statements)
    let root = scope
    let body = try operations(statements)
    units[index] = Unit(
      name: name, body: body, entry: entry(of: root), slotCount: root.function.slotCount,
      exports: exports(of: root, statements))
    return index
  }

  /// The top-level variables that an import sees: not those that begin with `_`, not imported ones.
  private func exports(of root: NameScope, _ statements: [StatementSyntax]) -> [Unit.Export] {
    var imported: Set<Text> = []
    for statement in statements {
      switch statement.kind {
      case .import(_, let target): imported.insert(Text(target))
      case .fromImport(_, let names): imported.formUnion(names.map { Text($0.alias) })
      default: break
      }
    }
    return root.assignedNames().filter {
      $0.name.bytes.first != 0x5F && !imported.contains($0.name)
    }
    .map { Unit.Export(name: $0.name, slot: $0.variable.slot) }
  }

  /// Compiles a file that is included or imported, once.
  ///
  /// It may get the names `given` from the template around; with nil it sees nothing of it.
  func includedUnit(
    _ name: String, given: Set<Text>?
  ) throws(TemplateError) -> Int? {
    if let known = unitIndices[Text(name)] { return known }
    guard let text = environment.loader?(name) else { return nil }
    let saved = (scope, sourceIndex, loopCount, branchCount, guarded, givenNames, seesRecord)
    let savedCaptures = captureCount
    defer {
      (scope, sourceIndex, loopCount, branchCount, guarded, givenNames, seesRecord) = saved
      captureCount = savedCaptures
    }
    (loopCount, branchCount, captureCount, guarded) = (0, 0, 0, [])
    givenNames = givenNames.union(given ?? [])
    seesRecord = seesRecord && given != nil
    return try unit(text, name: name)
  }

  /// The index of a name that comes from outside.
  func external(_ name: String) -> Int {
    let text = Text(name)
    if let known = externalIndices[text] { return known }
    let origin: ExternalName.Origin
    if text == "record" {
      origin = .record
    } else if let root = environment.roots.firstIndex(where: { Text($0) == text }) {
      origin = .root(root)
    } else {
      origin = .field
    }
    externalIndices[text] = externals.count
    externals.append(
      ExternalName(name: text, origin: origin, function: GlobalFunction(rawValue: name)))
    return externals.count - 1
  }

  /// Keeps literal text.
  func literal(_ text: [UInt8]) -> Operation {
    let plainStart = plainText.count
    let escapedStart = escapedText.count
    plainText += text
    escapedText += JSONText.escaped(text)
    return .literal(
      Literal(
        plain: plainStart..<plainText.count, escaped: escapedStart..<escapedText.count))
  }
}
