#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The file of a spool.
enum SpoolFile {
  /// Makes a file of a name that no other has; an empty name, which SQLite takes for a file of its own, without the folder.
  static func make(in folder: String) throws(WriteError) -> String {
    guard access(folder, F_OK) == 0 else { return "" }
    var template = Array((folder + "/.spool.XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard descriptor >= 0 else {
      throw WriteError(path: path, doing: "cannot be made", errno: errno)
    }
    close(descriptor)
    return path
  }
}
