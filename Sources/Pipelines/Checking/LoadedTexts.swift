internal import Records
internal import Synchronization

/// The template files that a check has read: their texts decide what a record becomes, as the pipeline file does.
final class LoadedTexts: Sendable {
  private let texts = Mutex<[JSONValue]>([])

  /// Takes note of a file's text.
  func note(_ name: String, _ text: String) {
    texts.withLock { $0.append(.array([.string(name), .string(text)])) }
  }

  /// What was read, in its order.
  var all: JSONValue { .array(texts.withLock(\.self)) }
}
