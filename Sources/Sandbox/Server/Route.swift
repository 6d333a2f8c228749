/// What a method and a path ask for.
struct Route: Hashable, Sendable {
  /// The calls of the API, as fault scripts and the journal name them.
  enum Name: String, Sendable, CaseIterable {
    case create, list, retrieve, results, cancel, delete, messages, models, model
    case countTokens = "count_tokens"
    /// A path of the API that does not exist.
    case unknown
  }

  /// The calls that steer the sandbox itself.
  enum Control: Hashable, Sendable {
    case clock, moveClock, journal, meter, unknown
  }

  enum Target: Hashable, Sendable {
    case api(Name)
    case control(Control)
  }

  /// Where the Anthropic API begins.
  static let prefix = "/anthropic"

  let target: Target
  /// The id in the path, empty where there is none.
  let id: String

  init(method: String, path: String) {
    let parts = path.split(separator: "/").map(String.init)
    switch parts.first {
    case "sandbox": (target, id) = (.control(Self.control(method, Array(parts.dropFirst()))), "")
    case "anthropic":
      let (name, id) = Self.api(method, Array(parts.dropFirst()))
      (target, self.id) = (.api(name), id)
    default: (target, id) = (.api(.unknown), "")
    }
  }

  private static func control(_ method: String, _ parts: [String]) -> Control {
    switch (method, parts) {
    case ("GET", ["clock"]): .clock
    case ("POST", ["clock"]): .moveClock
    case ("GET", ["journal"]): .journal
    case ("GET", ["meter"]): .meter
    default: .unknown
    }
  }

  private static func api(_ method: String, _ parts: [String]) -> (Name, String) {
    guard parts.first == "v1" else { return (.unknown, "") }
    let rest = Array(parts.dropFirst())
    switch (method, rest.count, rest.first) {
    case ("GET", 1, "models"): return (.models, "")
    case ("GET", 2, "models"): return (.model, rest[1])
    case ("POST", 1, "messages"): return (.messages, "")
    case ("POST", 2, "messages") where rest[1] == "count_tokens": return (.countTokens, "")
    case (_, 2..., "messages") where rest[1] == "batches":
      return batches(method, Array(rest.dropFirst(2)))
    default: return (.unknown, "")
    }
  }

  private static func batches(_ method: String, _ rest: [String]) -> (Name, String) {
    switch (method, rest.count) {
    case ("POST", 0): (.create, "")
    case ("GET", 0): (.list, "")
    case ("GET", 1): (.retrieve, rest[0])
    case ("DELETE", 1): (.delete, rest[0])
    case ("GET", 2) where rest[1] == "results": (.results, rest[0])
    case ("POST", 2) where rest[1] == "cancel": (.cancel, rest[0])
    default: (.unknown, "")
    }
  }
}
