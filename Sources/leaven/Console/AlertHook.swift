internal import Engine
internal import Foundation
internal import Pipelines
internal import Records

/// Runs a pipeline's `on_alert` command: one line of JSON on its standard input.
struct AlertHook: Sendable {
  /// So long the command may take.
  private static let patience: TimeInterval = 30

  private let command: String
  private let secrets: Set<String>

  /// The hook of a pipeline; nil when it has none.
  init?(_ plan: PipelinePlan) {
    guard let command = plan.alertCommand else { return nil }
    self.command = command
    // A key goes only to its provider.
    secrets = Set(plan.providers.compactMap(\.keyVariable))
  }

  /// Runs the command and waits for it; what goes wrong is told, and changes nothing.
  func tell(_ alert: Alert) {
    let environment = ProcessInfo.processInfo.environment.filter { !secrets.contains($0.key) }
    do throws(AlertCommand.NotStarted) {
      let process = try AlertCommand(
        command, environment: environment, input: Array((alert.json.compact + "\n").utf8))
      switch process.ending(within: Self.patience) {
      case .status(0): break
      case .status(let status): warn("ended with status \(status)")
      case .signal(let number): warn("was ended by signal \(number)")
      case .late: warn("took longer than \(Int(Self.patience)) s and was ended")
      }
    } catch {
      warn("cannot be run: \(error.reason)")
    }
  }

  private func warn(_ what: String) {
    Console.note("\(Console.yellow("warning:")) on_alert \(what)")
  }
}
