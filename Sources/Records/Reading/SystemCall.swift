#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What every system call needs.
enum SystemCall {
  /// Calls again as long as a signal interrupts.
  @inline(__always) static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// `read(2)`, called again when a signal interrupts it.
  static func read(
    _ descriptor: Int32, _ destination: UnsafeMutablePointer<UInt8>, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      retrying { Glibc.read(descriptor, destination, count) }
    #else
      retrying { Darwin.read(descriptor, destination, count) }
    #endif
  }

  /// `write(2)`, called again when a signal interrupts it.
  static func write(_ descriptor: Int32, _ source: UnsafePointer<UInt8>, _ count: Int) -> Int {
    #if canImport(Glibc)
      retrying { Glibc.write(descriptor, source, count) }
    #else
      retrying { Darwin.write(descriptor, source, count) }
    #endif
  }

  /// When a file was changed last, in seconds and nanoseconds since 1970.
  static func modificationTime(_ status: stat) -> timespec {
    #if canImport(Glibc)
      status.st_mtim
    #else
      status.st_mtimespec
    #endif
  }

  /// The system's words for an error number.
  static func message(_ number: Int32) -> String { String(cString: strerror(number)) }
}
