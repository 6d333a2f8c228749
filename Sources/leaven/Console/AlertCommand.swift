internal import Foundation

/// A command of the shell that gets bytes on its standard input. It has a process group of its own, so that it can be
/// ended with all that it started. Used by one thread.
final class AlertCommand {
  /// Why a command could not be started.
  struct NotStarted: Error {
    let reason: String
  }

  /// How a command ended.
  enum Ending: Equatable {
    /// By itself, with this status.
    case status(Int32)
    /// By a signal that somebody sent.
    case signal(Int32)
    /// It took too long, and was ended.
    case late
  }

  /// So long a command may take to end when it is told to.
  private static let grace: TimeInterval = 2

  private let pid: pid_t
  private var input: ArraySlice<UInt8>
  /// Where the input is written; negative once it is closed.
  private var pipe: Int32

  /// Starts a command; what it prints goes to standard error.
  ///
  /// - Throws: `NotStarted`.
  init(_ command: String, environment: [String: String], input: [UInt8]) throws(NotStarted) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw NotStarted(reason: Self.words(errno)) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    var number: pid_t = 0
    let failure = Self.start(&number, command, environment, input: ends[0])
    guard failure == 0 else {
      close(ends[1])
      throw NotStarted(reason: Self.words(failure))
    }
    pid = number
    pipe = ends[1]
    self.input = input[...]
  }

  deinit {
    if pipe >= 0 { close(pipe) }
  }

  /// Gives the command its input and waits for its end; one that takes longer is ended.
  func ending(within patience: TimeInterval) -> Ending {
    // A command that does not read its input is its own affair.
    let usual = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, usual) }
    if let ending = wait(until: Date(timeIntervalSinceNow: patience)) { return ending }
    kill(-pid, SIGTERM)
    let isEnded = wait(until: Date(timeIntervalSinceNow: Self.grace)) != nil
    // What it started may not have heard.
    kill(-pid, SIGKILL)
    if !isEnded { _ = wait(until: .distantFuture) }
    return .late
  }

  private func wait(until deadline: Date) -> Ending? {
    while true {
      feed()
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid {
        return status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
      }
      if Date() >= deadline { return nil }
      usleep(20_000)
    }
  }

  /// Writes as much of the input as the command takes now.
  private func feed() {
    while pipe >= 0 {
      let count = input.withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      if count > 0 { input = input.dropFirst(count) }
      guard count < 0 || input.isEmpty else { continue }
      close(pipe)
      pipe = -1
    }
  }

  /// - Returns: What went wrong, an error number; 0 when it runs.
  private static func start(
    _ number: inout pid_t, _ command: String, _ environment: [String: String], input: Int32
  ) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var manner: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var manner = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, 2, 1)
    posix_spawnattr_init(&manner)
    defer { posix_spawnattr_destroy(&manner) }
    var usual = sigset_t()
    sigemptyset(&usual)
    // A run ignores what interrupts it, to end at a safe point; a command is not to inherit that.
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&manner, &usual)
    posix_spawnattr_setpgroup(&manner, 0)
    posix_spawnattr_setflags(&manner, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    let words = ["/bin/sh", "-c", command]
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    return posix_spawn(&number, "/bin/sh", &actions, &manner, arguments, variables)
  }

  private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
