#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

// The system's calls under names that a type's own methods do not hide.

/// Makes or empties a file that only its owner reads; negative on failure, see `errno`.
func openForWriting(_ path: String) -> Int32 {
  open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
}

/// Opens a file that is there, to write behind what it holds; negative on failure, see `errno`.
func openForAppending(_ path: String) -> Int32 { open(path, O_WRONLY | O_APPEND | O_CLOEXEC) }

/// Opens a file to read; negative on failure, see `errno`.
func openForReading(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }

/// Closes a file that will not be completed and removes it; what is no regular file (a device) stays.
func discard(_ descriptor: Int32, _ path: String) {
  var status = stat()
  let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  close(descriptor)
  if isRegular { unlink(path) }
}

/// Writes some of the bytes; negative on failure, see `errno`.
func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
