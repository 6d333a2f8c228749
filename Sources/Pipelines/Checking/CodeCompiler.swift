internal import Templates

/// A compiled template or expression and where its text stands.
struct Compiled<Code> {
  let code: Code
  let origin: CodeOrigin
  let reads: FieldReads
}

/// Compiles the templates and expressions of a pipeline file, and reports those that do not parse.
struct CodeCompiler {
  let context: CheckContext

  /// So many mistakes of one template are reported.
  private static let mistakeLimit = 20

  /// A template whose reads are checked; nil when it does not parse. What can be understood of one with mistakes has
  /// its reads checked all the same, so that all is said at once.
  func template(
    _ text: String, _ origin: CodeOrigin, checking reads: ReadsCheck,
    into diagnostics: inout DiagnosticList
  ) -> Compiled<CompiledTemplate>? {
    var text = text
    var hasMistakes = false
    for _ in 0..<Self.mistakeLimit {
      do throws(TemplateError) {
        let code = try CompiledTemplate(text, name: origin.name, in: context.environment)
        reads.check(code.reads, origin, into: &diagnostics)
        return hasMistakes ? nil : Compiled(code: code, origin: origin, reads: code.reads)
      } catch {
        report(error, .templateSyntax, origin, &diagnostics)
        hasMistakes = true
        // The next mistake is found where this one is not seen any more.
        guard error.name == origin.name, let rest = TemplateText(text).blanking(error) else {
          break
        }
        text = rest
      }
    }
    return nil
  }

  /// An expression; nil when it does not parse.
  func expression(
    _ text: LocatedText, name: String, into diagnostics: inout DiagnosticList
  ) -> Compiled<CompiledExpression>? {
    let origin = CodeOrigin(text, name: name, in: context)
    let isTemplate = text.text.drop(while: \.isWhitespace).hasPrefix("{{")
    guard !isTemplate else {
      diagnostics.error(
        .expressionSyntax, at: text.place, "an expression stands without '{{' and '}}'")
      return nil
    }
    do throws(TemplateError) {
      let code = try CompiledExpression(text.text, name: name, in: context.environment)
      return Compiled(code: code, origin: origin, reads: code.reads)
    } catch {
      report(error, .expressionSyntax, origin, &diagnostics)
      return nil
    }
  }

  private func report(
    _ error: TemplateError, _ code: DiagnosticCode, _ origin: CodeOrigin,
    _ diagnostics: inout DiagnosticList
  ) {
    let (file, place) = origin.place(line: error.line, column: error.column, of: error.name)
    diagnostics.error(code, at: place, in: file, error.sentence, hint: error.hint)
  }
}
