internal import Templates

/// Where the text of a template or an expression stands, so that a place in it can be shown.
struct CodeOrigin {
  /// What the template is called: `enrich.prompt`.
  let name: String
  private let context: CheckContext
  private let home: Home

  private enum Home {
    case pipelineFile(YAMLScalar, Place)
    case file(PlannedFile)
  }

  /// A text in the pipeline file.
  init(_ text: LocatedText, name: String, in context: CheckContext) {
    self.name = name
    self.context = context
    home = .pipelineFile(text.scalar, text.place)
  }

  /// A text in a file of its own.
  init(_ file: PlannedFile, name: String, in context: CheckContext) {
    self.name = name
    self.context = context
    home = .file(file)
  }

  /// The file and the place of a line and column, both from 1, of the template with a name: this
  /// one, or one that it includes.
  func place(line: Int, column: Int, of template: String) -> (file: String?, place: Place) {
    let inner = Place(line: line, column: column)
    guard template == name else { return (context.planned(template).shownPath, inner) }
    switch home {
    case .file(let file): return (file.shownPath, inner)
    case .pipelineFile(let scalar, let place):
      return (nil, context.file.source.place(of: inner, in: scalar, at: place))
    }
  }
}
