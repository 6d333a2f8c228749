internal import ArgumentParser

/// A command on a pipeline: the commands that it names as the next step have its pipeline and its flags.
protocol PipelineCommand: AsyncParsableCommand {
  /// What every one takes.
  var options: PipelineOptions { get }
  /// Whether it works in the sandbox's state.
  var sandbox: Bool { get }
  /// Where it sends to instead of the provider's address.
  var baseURL: String? { get }
}

extension PipelineCommand {
  var sandbox: Bool { false }
  var baseURL: String? { nil }

  /// What may be done next.
  var next: NextCommand { NextCommand(options, sandbox: sandbox, baseURL: baseURL) }
}
