internal import Engine
internal import Pipelines
internal import Providers
internal import Records
internal import Sandbox

/// An error as the console shows it: a sentence, a next step, and the exit status.
struct Failing: Error {
  let sentence: String
  let hint: String?
  let status: ExitStatus

  init(_ sentence: String, hint: String? = nil, status: ExitStatus) {
    self.sentence = sentence
    self.hint = hint
    self.status = status
  }

  /// What an error of a module says; nil for one that the argument parser explains.
  init?(_ error: any Error) {
    switch error {
    case let error as Failing: self = error
    case let error as RunError:
      self.init(error.description, hint: error.hint, status: error.exitStatus)
    case let error as PipelineProblems:
      let cannotWrite = error.diagnostics.allSatisfy {
        $0.severity == .warning || $0.code == .outputFolder
      }
      self.init(error.description, status: cannotWrite ? .cannotWrite : .data)
    case let error as SandboxError:
      self.init(
        error.sentence, hint: error.hint,
        status: error.code == .scriptInvalid ? .data : .cannotWrite)
    case let error as SourceError:
      self.init(error.located, hint: error.hint, status: error.exitStatus)
    case let error as WriteError:
      self.init("\(error.path): \(error.sentence)", hint: error.hint, status: error.exitStatus)
    case let error as CatalogError: self.init(error.description, status: .data)
    case is CancellationError:
      self.init(
        "interrupted", hint: "nothing is lost; the same command goes on from here",
        status: .tryAgain)
    default: return nil
    }
  }
}
