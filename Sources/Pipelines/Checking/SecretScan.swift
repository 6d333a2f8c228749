/// Finds what looks like an API key in a pipeline file. A secret belongs into the environment:
/// files are shared.
enum SecretScan {
  private static let prefixes = ["sk-ant-", "sk-proj-", "AIza", "ghp_", "xoxb-"]

  /// Reports every line that holds something like a key, comments included, without repeating it.
  static func check(_ file: PipelineFile, into diagnostics: inout DiagnosticList) {
    for (number, line) in file.source.lines.enumerated() {
      for prefix in prefixes.map({ Array($0.unicodeScalars) }) {
        guard let column = firstKey(with: prefix, in: line) else { continue }
        diagnostics.error(
          .secretInFile, at: Place(line: number + 1, column: column + 1),
          "this looks like an API key, which a pipeline file must not hold",
          hint:
            "revoke it, put a new one into an environment variable, and name that with 'key_env:'")
      }
    }
  }

  private static func firstKey(with prefix: [Unicode.Scalar], in line: [Unicode.Scalar]) -> Int? {
    var start = 0
    while start + prefix.count <= line.count {
      if line[start..<start + prefix.count].elementsEqual(prefix) {
        let rest = line[(start + prefix.count)...].prefix { isKeyCharacter($0) }
        let isWordStart = start == 0 || !isKeyCharacter(line[start - 1])
        if isWordStart, rest.count >= 12 { return start }
      }
      start += 1
    }
    return nil
  }

  private static func isKeyCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
