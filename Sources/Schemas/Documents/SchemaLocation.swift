/// A place in one of the documents that a schema consists of.
struct SchemaLocation: Hashable, Sendable {
  /// Which document, in the order of reading; 0 is the schema itself.
  var document: Int
  var pointer: SchemaPointer

  func appending(_ key: String) -> SchemaLocation {
    SchemaLocation(document: document, pointer: pointer.appending(key))
  }

  func appending(_ keyword: Keyword) -> SchemaLocation { appending(keyword.rawValue) }

  func appending(_ index: Int) -> SchemaLocation {
    SchemaLocation(document: document, pointer: pointer.appending(index))
  }
}
