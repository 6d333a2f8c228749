/// The vocabularies of draft 2020-12.
enum Vocabulary: Sendable, Hashable, CaseIterable {
  case core, applicator, unevaluated, validation, format, content, metadata

  /// A vocabulary by its URI; nil for one that is not understood.
  init?(uri: String) {
    let prefix = "https://json-schema.org/draft/2020-12/vocab/"
    guard uri.hasPrefix(prefix) else { return nil }
    switch uri.dropFirst(prefix.count) {
    case "core": self = .core
    case "applicator": self = .applicator
    case "unevaluated": self = .unevaluated
    case "validation": self = .validation
    case "format-annotation", "format-assertion": self = .format
    case "content": self = .content
    case "meta-data": self = .metadata
    default: return nil
    }
  }
}
