internal import Providers
internal import Records
internal import Templates

/// What all checks of one pipeline file look at.
struct CheckContext {
  /// The file.
  let file: PipelineFile
  /// What is known of the providers.
  let catalog: Catalogs
  /// Now, in UTC milliseconds: models retire.
  let now: Int64
  /// Whether a run has a budget.
  let hasBudget: Bool
  /// What is looked at besides the files of the pipeline.
  let surroundings: PipelineChecker.Surroundings
  /// The variables, `--set` applied.
  let vars: JSONValue
  /// What templates are compiled in.
  let environment: TemplateEnvironment
  /// The template files that were read.
  let loaded: LoadedTexts

  /// The file that a path in the pipeline file names.
  func planned(_ path: String) -> PlannedFile {
    PlannedFile(
      path: FilePath.resolve(path, in: file.directory),
      shownPath: FilePath.shown(path, from: file.path))
  }
}
