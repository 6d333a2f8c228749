internal import Records

/// Checks the targets of all stages: against the sources, against each other, and where they lie.
struct TargetsCheck {
  /// A merge that is right in itself.
  struct Merge {
    /// The stage.
    let stage: String
    /// The merge.
    let plan: MergePlan
    /// The section it was read from.
    let section: Section
    /// What is known of its records.
    let records: RecordShape?
    /// Whether they are those of a source, one for one.
    let hasRecordsOfSource: Bool

    /// Where the target is written.
    var place: Place {
      switch plan.target {
      case .jsonl: section.place(of: "jsonl")
      case .csv: section.place(of: "csv")
      case .sqlite: section.section("sqlite").place(of: "database")
      }
    }
  }

  /// A file that the pipeline reads.
  struct Input {
    /// The file.
    let file: PlannedFile
    /// What it is, for sentences.
    let what: String
  }

  private let context: CheckContext

  init(_ context: CheckContext) {
    self.context = context
  }

  /// Checks all targets.
  ///
  /// - Parameters:
  ///   - merges: The merges, in the order of the plan.
  ///   - inputs: The files that the stages read.
  ///   - readers: What the stages read of tables.
  ///   - diagnostics: Where the findings go.
  func check(
    _ merges: [Merge], _ inputs: [Input], _ readers: [TableReader],
    into diagnostics: inout DiagnosticList
  ) {
    let own = Input(
      file: PlannedFile(path: context.file.absolutePath, shownPath: context.file.path),
      what: "the pipeline file")
    for (index, merge) in merges.enumerated() {
      checkInputs(merge, [own] + inputs, into: &diagnostics)
      checkFolder(merge, into: &diagnostics)
      checkCompression(merge, into: &diagnostics)
      for earlier in merges[..<index] { checkPair(merge, earlier, into: &diagnostics) }
      if case .sqlite(let table) = merge.plan.target {
        TableTargetCheck(merge, table).check(readers, into: &diagnostics)
      }
    }
  }

  private func checkInputs(
    _ merge: Merge, _ inputs: [Input], into diagnostics: inout DiagnosticList
  ) {
    let target = merge.plan.target.file
    for input in inputs {
      let identity = FilePath.identity(of: input.file.path)
      if identity == FilePath.identity(of: target.path), !isDatabase(merge, input) {
        diagnostics.error(
          .outputIsInput, at: merge.place, "the target '\(target.shownPath)' is \(input.what) too",
          hint: "write another file")
      } else if identity == FilePath.identity(of: target.sandboxed.path) {
        diagnostics.error(
          .outputIsInput, at: merge.place,
          "a sandboxed run would write '\(target.sandboxed.shownPath)', which is \(input.what)",
          hint: "write another file")
      }
    }
  }

  /// Whether source and target are the same database, which is how a table is changed in place.
  private func isDatabase(_ merge: Merge, _ input: Input) -> Bool {
    guard case .sqlite = merge.plan.target else { return false }
    return input.what == Self.database
  }

  /// What an input is called that is a database.
  static let database = "the source database"

  private func checkPair(
    _ merge: Merge, _ earlier: Merge, into diagnostics: inout DiagnosticList
  ) {
    let file = merge.plan.target.file
    let earlierFile = earlier.plan.target.file
    guard FilePath.identity(of: file.path) == FilePath.identity(of: earlierFile.path) else {
      if FilePath.identity(of: file.sandboxed.path) == FilePath.identity(of: earlierFile.path)
        || FilePath.identity(of: file.path) == FilePath.identity(of: earlierFile.sandboxed.path)
      {
        diagnostics.error(
          .outputTwice, at: merge.place,
          "a sandboxed run would write over what the stage '\(earlier.stage)' writes",
          hint: "give one of the two another name")
      }
      return
    }
    var shared = ""
    if case .sqlite(let table) = merge.plan.target, case .sqlite(let other) = earlier.plan.target {
      let names = merge.plan.set.map(\.name).filter { name in
        earlier.plan.set.contains { SQLName.isSame($0.name, name) }
      }
      guard SQLName.isSame(table.table, other.table), let name = names.first else { return }
      shared = "'\(name)' of "
    }
    diagnostics.error(
      .outputTwice, at: merge.place,
      "the stage '\(earlier.stage)' writes \(shared)'\(file.shownPath)' too",
      hint: "each stage writes a target of its own")
  }

  /// Names that promise a compressed file: what is written is not compressed.
  private static let compressed = [".gz", ".gzip", ".zst", ".bz2", ".xz", ".zip"]

  private func checkCompression(_ merge: Merge, into diagnostics: inout DiagnosticList) {
    if case .sqlite = merge.plan.target { return }
    let name = merge.plan.target.file.shownPath
    let ending = Self.compressed.first { name.lowercased().hasSuffix($0) }
    guard let ending, name.count > ending.count else { return }
    diagnostics.error(
      .mergeTarget, at: merge.place,
      "'\(name)' would hold plain text: what a merge writes is not compressed",
      hint: "write '\(name.dropLast(ending.count))', and compress it afterwards")
  }

  private func checkFolder(_ merge: Merge, into diagnostics: inout DiagnosticList) {
    let target = merge.plan.target.file
    func report(_ sentence: String, hint: String? = nil) {
      diagnostics.error(.outputFolder, at: merge.place, sentence, hint: hint)
    }
    if FilePath.kind(of: target.path) == .folder {
      return report("the target '\(target.shownPath)' is a folder", hint: "name a file in it")
    }
    if target.path.split(separator: "/").dropLast().contains(".leaven") {
      return report(
        "the target '\(target.shownPath)' lies in a state folder, which Leaven may delete")
    }
    if target.path.hasSuffix("/") { return report("the target has no file name") }
    let shownFolder = FilePath.parent(of: target.shownPath)
    let existing = FilePath.nearestExisting(of: FilePath.parent(of: target.path))
    if FilePath.kind(of: existing) != .folder {
      return report("the target's folder '\(shownFolder)' cannot be made: '\(existing)' is a file")
    }
    if !FilePath.isWritable(existing) {
      return report(
        "the folder of the target '\(target.shownPath)' cannot be written",
        hint: "write into another folder, or change who may write there")
    }
    // One folder is made without a word; several that are missing look like a slip.
    let folder = FilePath.parent(of: target.path)
    if existing != folder, existing != FilePath.parent(of: folder) {
      diagnostics.warning(
        .outputFolder, at: merge.place, "the folder '\(shownFolder)' does not exist yet",
        hint: "a run makes it")
    }
  }
}
