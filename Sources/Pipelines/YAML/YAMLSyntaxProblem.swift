internal import Yams

/// The parser's words for broken YAML, in ours.
enum YAMLSyntaxProblem {
  /// Where the problem is, what it is, and what to do about it.
  static func describe(_ error: any Error, in source: SourceText) -> (Place, String, String?) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _):
      return describe(problem, context: context, at: Place(mark), in: source)
    case YamlError.composer(_, let problem, let mark, _):
      if problem.contains("another document") {
        return (
          Place(mark), "a pipeline file holds one YAML document, and here a second begins",
          "put each pipeline into a file of its own"
        )
      }
      return (
        Place(mark), "this alias has no anchor before it", "write '&name' where the value stands"
      )
    default: return (.start, "the file is not YAML: \(error)", nil)
    }
  }

  private static func describe(
    _ problem: String, context: YamlError.Context?, at place: Place, in source: SourceText
  ) -> (Place, String, String?) {
    let opening = context.map { Place($0.mark) } ?? place
    if source.scalar(at: place) == "\t" || indentation(of: source.line(place.line)).contains("\t") {
      return (place, "a tab cannot indent YAML", "indent with spaces")
    }
    switch problem {
    case "mapping values are not allowed in this context":
      return (
        place, "a ':' cannot stand here",
        "quote a value that holds ': ', or check the indentation of this line"
      )
    case "found unexpected end of stream":
      return (opening, "this quote is never closed", nil)
    case "did not find expected key" where context?.text == "while parsing a block mapping":
      return (
        place, "no key stands here, in a mapping that began on line \(opening.line)",
        "check the indentation; a value that begins with a quote ends with it"
      )
    case "could not find expected ':'":
      return (opening, "this line has no ':' after its key", "check the indentation of this line")
    case _ where context?.text.contains("flow") == true:
      return (
        place,
        "a ',' or a closing bracket is missing in the brackets opened on line \(opening.line)",
        "put a template that holds '{', '}' or ',' in quotes"
      )
    case "found character that cannot start any token":
      let shown = source.scalar(at: place).map { String(Character($0)) } ?? ""
      return (place, "a value cannot begin with '\(shown)'", "put it in quotes")
    default:
      let words = [context?.text, problem].compactMap(\.self).joined(separator: ": ")
      return (place, "the YAML is broken: \(words)", nil)
    }
  }

  private static func indentation(of line: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
    line.prefix { $0 == " " || $0 == "\t" }
  }
}
