/// Which stage reads which, and an order in which each comes after those that it reads.
struct StageGraph {
  /// The stages' names, ordered: each after the one it reads, otherwise as in the file.
  private(set) var order: [String] = []
  /// Stages in or behind a circle, or behind an unknown stage.
  private(set) var unreachable: Set<String> = []
  /// The stage that a stage reads.
  private let upstream: [String: LocatedText]
  private let names: [String]

  /// Reads the stages of a file, in its order.
  init(_ stages: [(name: String, upstream: LocatedText?)]) {
    names = stages.map(\.name)
    upstream = stages.reduce(into: [:]) { known, stage in
      if let text = stage.upstream { known[stage.name] = text }
    }
  }

  /// Finds the order; reports unknown stages, and each circle once.
  mutating func resolve(into diagnostics: inout DiagnosticList) {
    var reported: Set<String> = []
    for name in names {
      if let text = upstream[name], !names.contains(text.text) {
        diagnostics.error(
          .unknownStage, at: text.place, "there is no stage '\(text.text)'",
          hint: CloseName.hint(
            for: text.text, in: names.filter { $0 != name }, listed: "the stages are"))
      }
      report(circleFrom: name, at: upstream[name]?.place, &reported, &diagnostics)
    }
    while let next = names.first(where: { !order.contains($0) && isReady($0) }) {
      order.append(next)
    }
    unreachable = Set(names.filter { !order.contains($0) })
    order += names.filter { unreachable.contains($0) }
  }

  private func isReady(_ name: String) -> Bool {
    guard let source = upstream[name]?.text else { return true }
    return order.contains(source)
  }

  private func report(
    circleFrom start: String, at place: Place?, _ reported: inout Set<String>,
    _ diagnostics: inout DiagnosticList
  ) {
    var path = [start]
    while let next = upstream[path[path.count - 1]]?.text, !path.contains(next) {
      path.append(next)
    }
    guard let place, upstream[path[path.count - 1]]?.text == start, !reported.contains(start) else {
      return
    }
    reported.formUnion(path)
    let circle = (path + [start]).map { "'\($0)'" }.joined(separator: " reads ")
    let sentence =
      path.count == 1
      ? "the stage '\(start)' reads itself" : "stages wait for each other: \(circle)"
    diagnostics.error(.stageCycle, at: place, sentence, hint: "let one of them read a file")
  }
}
