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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.environment = ProcessInfo.processInfo.environment.filter { !secrets.contains($0.key) }
    process.standardOutput = FileHandle.standardError
    let input = Pipe()
    process.standardInput = input
    do {
      try process.run()
      let usual = signal(SIGPIPE, SIG_IGN)
      defer { signal(SIGPIPE, usual) }
      // A command that does not read its input is its own affair.
      try? input.fileHandleForWriting.write(contentsOf: Data((alert.json.compact + "\n").utf8))
      try? input.fileHandleForWriting.close()  // Closed with the pipe otherwise.
    } catch {
      warn("cannot be run: \(error.localizedDescription)")
      return
    }
    finish(process)
  }

  private func finish(_ process: Process) {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while process.isRunning, Date() < deadline { usleep(20_000) }
    if process.isRunning {
      process.terminate()
      warn("took longer than \(Int(Self.patience)) s")
    } else if process.terminationStatus != 0 {
      warn("ended with status \(process.terminationStatus)")
    }
  }

  private func warn(_ what: String) {
    Console.note("\(Console.yellow("warning:")) on_alert \(what)")
  }
}
