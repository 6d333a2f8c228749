/// Which stage reads which, and an order in which each comes after those that it reads.
struct StageGraph {
  /// The stages' names, ordered: each after those it reads, otherwise as in the file.
  private(set) var order: [String] = []
  /// Stages in or behind a circle, or behind an unknown stage.
  private(set) var unreachable: Set<String> = []
  /// The stages that a stage reads.
  private let upstreams: [String: [LocatedText]]
  private let names: [String]

  /// Reads the stages of a file, in its order.
  init(_ stages: [(name: String, upstreams: [LocatedText])]) {
    names = stages.map(\.name)
    upstreams = stages.reduce(into: [:]) { known, stage in known[stage.name] = stage.upstreams }
  }

  /// Finds the order; reports unknown stages, and each circle once.
  mutating func resolve(into diagnostics: inout DiagnosticList) {
    var reported: Set<String> = []
    for name in names {
      for text in upstreams[name] ?? [] where !names.contains(text.text) {
        diagnostics.error(
          .unknownStage, at: text.place, "there is no stage '\(text.text)'",
          hint: CloseName.hint(
            for: text.text, in: names.filter { $0 != name }, listed: "the stages are"))
      }
      report(circleFrom: name, &reported, &diagnostics)
    }
    while let next = names.first(where: { !order.contains($0) && isReady($0) }) {
      order.append(next)
    }
    unreachable = Set(names.filter { !order.contains($0) })
    order += names.filter { unreachable.contains($0) }
  }

  private func isReady(_ name: String) -> Bool {
    (upstreams[name] ?? []).allSatisfy { order.contains($0.text) }
  }

  private func report(
    circleFrom start: String, _ reported: inout Set<String>, _ diagnostics: inout DiagnosticList
  ) {
    guard !reported.contains(start), let path = path(from: start, to: start, [start]),
      path.count > 1,
      let place = upstreams[start]?.first(where: { $0.text == path[1] })?.place
    else { return }
    reported.formUnion(path)
    let circle = path.map { "'\($0)'" }.joined(separator: " reads ")
    let sentence =
      path.count == 2
      ? "the stage '\(start)' reads itself" : "stages wait for each other: \(circle)"
    diagnostics.error(.stageCycle, at: place, sentence, hint: "let one of them read a file")
  }

  /// The stages from one to another along what they read, both included; nil when there is no such way.
  private func path(from name: String, to end: String, _ path: [String]) -> [String]? {
    for next in upstreams[name] ?? [] {
      if next.text == end { return path + [end] }
      guard !path.contains(next.text) else { continue }
      if let found = self.path(from: next.text, to: end, path + [next.text]) { return found }
    }
    return nil
  }
}
