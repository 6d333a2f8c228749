internal import Foundation

/// Commands that are named as the next step, as they can be pasted: with the flags that say which state is meant.
struct NextCommand: Sendable {
  private let pipeline: String
  private let state: [String]
  private let provider: [String]

  /// - Parameters:
  ///   - options: What the present command was given.
  ///   - sandbox: Whether it works in the sandbox's state.
  ///   - baseURL: Where it sends to instead of the provider's address.
  init(_ options: PipelineOptions, sandbox: Bool = false, baseURL: String? = nil) {
    pipeline = options.pipeline
    var state = sandbox ? ["--sandbox"] : []
    if let folder = options.state { state += ["--state", folder] }
    if let catalog = options.catalog { state += ["--catalog", catalog] }
    for setting in options.settings { state += ["--set", setting] }
    self.state = state
    provider = baseURL.map { ["--base-url", $0] } ?? []
  }

  /// `leaven run`, with flags.
  func run(_ flags: String...) -> String { text(["leaven", "run"] + flags + state + provider) }

  /// A verb that calls nobody, with flags.
  func look(_ verb: String, _ flags: String...) -> String {
    text(["leaven", verb] + flags + state)
  }

  /// A hint whose commands name PIPELINE, with this one's words in its place. Where the sandbox is proposed, it goes without
  /// the present provider's address.
  func completing(_ hint: String) -> String {
    var words = state
    if hint.contains("--sandbox") {
      words.removeAll { $0 == "--sandbox" }
    } else if hint.contains("leaven run") {
      words += provider
    }
    return hint.replacing(" PIPELINE", with: " " + text(words))
  }

  private func text(_ words: [String]) -> String {
    (words + [pipeline]).map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
          true
        default: "-_./:=,+@%".utf8.contains(byte)
        }
      }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
