import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A program that was started. Its output goes to files, so that nothing of it can be lost or hold up anybody.
final class RunningProgram: Sendable {
  /// How a program ended.
  struct Ending: Sendable, Equatable {
    /// Its exit status; nil when a signal ended it.
    var status: Int32?
    /// The signal that ended it.
    var signal: Int32?
  }

  /// Why a program could not be started.
  struct StartError: Error {
    var path: String
    var reason: String
  }

  let pid: pid_t
  private let state = Mutex(State())

  private struct State {
    var ending: Ending?
    var waiters: [CheckedContinuation<Ending, Never>] = []
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: The path of the program and its arguments.
  ///   - folder: Its working directory.
  ///   - environment: Its whole environment.
  ///   - input: The file it reads on standard input.
  ///   - output: The descriptor or file that becomes its standard output.
  ///   - errors: The file that becomes its standard error.
  /// - Throws: `StartError`.
  init(
    _ arguments: [String], in folder: String, environment: [String: String], input: String,
    output: Output, errors: String
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    switch output {
    case .file(let path):
      posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    }
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // posix_spawn knows no working directory on all systems; the shell becomes the program.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder]
    let words = (shell + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, shell[0], &actions, nil, words, variables)
    guard failure == 0 else {
      throw StartError(path: arguments[0], reason: String(cString: strerror(failure)))
    }
    self.pid = pid
    Thread.detachNewThread { self.reap() }
  }

  /// What becomes of standard output.
  enum Output: Sendable {
    case file(String)
    case descriptor(Int32)
  }

  deinit { stop() }

  /// Waits for the program's end.
  func ended() async -> Ending {
    await withCheckedContinuation { continuation in
      let ending = state.withLock { state -> Ending? in
        if state.ending == nil { state.waiters.append(continuation) }
        return state.ending
      }
      if let ending { continuation.resume(returning: ending) }
    }
  }

  /// Whether it still runs.
  var isRunning: Bool { state.withLock { $0.ending == nil } }

  /// Sends a signal, if it still runs.
  func send(_ signal: Int32) {
    // Under the lock the process cannot have been reaped, so the number is still its own.
    state.withLock { state in
      if state.ending == nil { kill(pid, signal) }
    }
  }

  /// Ends it at once.
  func stop() { send(SIGKILL) }

  private func reap() {
    var information = siginfo_t()
    // Waits without reaping: the process number stays taken until the ending is stored.
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    let waiters = state.withLock { state in
      var status: Int32 = 0
      waitpid(pid, &status, 0)
      let signal = status & 0x7F
      let ending =
        signal == 0 ? Ending(status: (status >> 8) & 0xFF) : Ending(signal: signal)
      state.ending = ending
      defer { state.waiters = [] }
      return state.waiters.map { ($0, ending) }
    }
    for (waiter, ending) in waiters { waiter.resume(returning: ending) }
  }
}
