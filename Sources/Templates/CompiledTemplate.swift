public import Records

/// A Jinja template, read and checked once, rendered for each record.
public struct CompiledTemplate: Sendable {
  /// The template's name, as it stands in errors.
  public let name: String
  /// What the template reads.
  public let reads: FieldReads
  let program: Program

  /// Reads a template, and all files that it includes.
  ///
  /// - Parameters:
  ///   - source: The text; `\r\n` and `\r` count as `\n`, and one newline at the very end is left out.
  ///   - name: How errors call the template.
  ///   - environment: What the template may refer to.
  /// - Throws: `TemplateError` for the first mistake, or for the first feature that Leaven refuses.
  public init(
    _ source: String, name: String, in environment: TemplateEnvironment
  ) throws(TemplateError) {
    self.name = name
    (program, reads) = try TemplateCompiler.compile(source, name: name, in: environment)
  }

  /// Appends the text for one record.
  ///
  /// A name of the template that stands alone (`{{ title }}`) and is a string is copied as it stands, without
  /// being decoded, when the escaping is `.json`.
  ///
  /// - Parameters:
  ///   - scope: The values to see.
  ///   - renderer: Scratch that is reused from record to record.
  ///   - output: Where the text goes. When this throws, what was appended is to be thrown away.
  ///   - escaping: How the text is written.
  /// - Throws: `RenderError` with the place in the template.
  public func render(
    _ scope: TemplateScope, using renderer: inout Renderer, into output: inout ByteBuffer,
    escaping: Escaping
  ) throws(RenderError) {
    renderer.begin(program, scope)
    defer { renderer.end() }
    try renderer.runMain(into: &output, escaping)
  }
}
