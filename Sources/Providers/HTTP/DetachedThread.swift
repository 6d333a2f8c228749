#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Runs something that blocks on a thread of its own: the shared pools have about as many threads as there are
/// cores, and calls that wait for a server would keep everything else from running.
enum DetachedThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread; false when the system has none to give, and then nothing runs.
  static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    let body = Unmanaged.passRetained(Body(run))
    #if canImport(Glibc)
      var thread: pthread_t = 0
    #else
      var thread: pthread_t?
    #endif
    guard pthread_create(&thread, nil, entry, body.toOpaque()) == 0 else {
      body.release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
    return true
  }

  #if canImport(Glibc)
    private static let entry:
      @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }
  #else
    private static let entry: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? =
      {
        context in
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }
  #endif
}
