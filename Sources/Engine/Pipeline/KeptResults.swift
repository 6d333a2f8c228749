internal import Ledger
internal import Records

/// Results made elsewhere, on their way into the state folder: answers point into them.
///
/// The name of the file there follows from what it holds: the same results are the same file, wherever and whenever they
/// are imported from.
final class KeptResults {
  private let folder: StateFolder
  private let incoming: String
  /// What to read them from; they are kept meanwhile.
  let stream: SpoolingStream
  private var whole: Result<FileSpool.Spooled, WriteError>?

  /// Begins with a file, which may be gzip.
  ///
  /// - Throws: `SourceError`, `WriteError`.
  init(_ file: String, in folder: StateFolder) throws {
    self.folder = folder
    incoming = folder.file("results/import.jsonl")
    // A merge follows.
    stream = try SpoolingStream(ByteStream(path: file), to: incoming, .soon)
  }

  /// Makes what was read durable. What goes wrong is told by ``name()``.
  func finish() {
    do throws(WriteError) {
      whole = .success(try stream.finish())
    } catch {
      whole = .failure(error)
    }
  }

  /// Reads what nobody has read yet, and gives the file its name.
  ///
  /// - Returns: The name, in the state folder.
  /// - Throws: `SourceError`, `WriteError`, `RunError`.
  func keep() throws -> String {
    try stream.readRest()
    finish()
    return try name()
  }

  /// Gives the file its name.
  ///
  /// - Returns: The name, in the state folder.
  /// - Throws: `WriteError`, `RunError`.
  func name() throws -> String {
    guard let whole else { preconditionFailure("results have a name when they are whole") }
    let name = "results/import-\(try whole.get().content.hexadecimal.prefix(16)).jsonl"
    if folder.has(folder.file(name)) {
      folder.remove(incoming)
    } else {
      try folder.adopt(incoming, as: folder.file(name))
    }
    return name
  }
}
