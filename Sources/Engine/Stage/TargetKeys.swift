internal import Pipelines
internal import Records

/// Looks at keys before anything is paid for: whether the table that the answers go into can hold them.
///
/// What a column makes of a key for certain is told here; what only the table's other rows show (a collation that takes
/// two keys for one) is told by the merge, which then writes nothing.
struct TargetKeys {
  private let storage: KeyStorage
  private let target: MergePlan.TableTarget

  /// Looks at the stage's target.
  ///
  /// - Returns: Nil when the keys are not those of a table's rows, or the table is not there yet.
  /// - Throws: `SourceError` when the database cannot be read.
  init?(_ stage: StagePlan, in folder: StateFolder) throws(SourceError) {
    guard case .sqlite(let target) = stage.merge?.target, !target.isInPlace, !stage.makesRecords,
      case .field(let field) = stage.key, field.utf8.elementsEqual(target.keyColumn.utf8),
      stage.merge?.set.contains(where: { $0.name.utf8.elementsEqual(field.utf8) }) == false
    else { return nil }
    let files = [target.database, target.copyOf].compactMap(\.self)
    guard let database = files.first(where: { folder.has($0.path) }),
      let table = try SQLiteTable.inspect(target.table, in: database.path),
      let storage = table.keyStorage(target.keyColumn)
    else { return nil }
    self.storage = storage
    self.target = target
  }

  /// Looks at the key of a record.
  ///
  /// - Throws: `RunError.write` when the table cannot hold it.
  func check(_ key: UnsafeBufferPointer<UInt8>, line: Int) throws(RunError) {
    guard storage.loses(key) else { return }
    let sentence = storage.refusal(
      of: String(decoding: key, as: UTF8.self), in: target.table)
    throw RunError.write(
      WriteError(
        .refusedRow, path: target.database.shownPath, "record of line \(line): \(sentence)",
        hint: storage.hint))
  }
}
