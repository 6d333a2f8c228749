internal import Foundation

/// What the checks need to know of paths and of what lies there.
enum FilePath {
  /// The absolute path, `.` and `..` resolved by their text.
  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The absolute path of what a pipeline file in `directory` calls `path`.
  static func resolve(_ path: String, in directory: String) -> String {
    absolute(path.hasPrefix("/") ? path : directory + "/" + path)
  }

  /// What messages call the file that the pipeline file given as `base` names `path`: a path from
  /// where `base` was given, `.` and `..` resolved by their text.
  static func shown(_ path: String, from base: String) -> String {
    if path.hasPrefix("/") { return path }
    var parts: [Substring] = []
    for part in (parent(of: base) + "/" + path).split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (base.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The folder that a path lies in.
  static func parent(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  /// The file's name without folder.
  static func name(of path: String) -> String { (path as NSString).lastPathComponent }

  /// The file's name without folder and ending.
  static func stem(of path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  /// The path with symbolic links followed as far as it exists: equal for two names of one file.
  static func identity(of path: String) -> String {
    var existing = path
    var rest: [String] = []
    while existing.count > 1, !FileManager.default.fileExists(atPath: existing) {
      rest.append((existing as NSString).lastPathComponent)
      existing = parent(of: existing)
    }
    let real = URL(fileURLWithPath: existing).resolvingSymlinksInPath().path
    return ([real] + rest.reversed()).joined(separator: "/")
  }

  /// The path itself, or the nearest folder above it that exists.
  static func nearestExisting(of path: String) -> String {
    var existing = path
    while existing.count > 1, !FileManager.default.fileExists(atPath: existing) {
      existing = parent(of: existing)
    }
    return existing
  }

  /// Whether something lies there, and whether it is a folder.
  static func kind(of path: String) -> Kind {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .nothing
    }
    return isFolder.boolValue ? .folder : .file
  }

  /// Whether this process may write there.
  static func isWritable(_ path: String) -> Bool {
    FileManager.default.isWritableFile(atPath: path)
  }

  /// The names in a folder; none when it cannot be read.
  static func names(in folder: String) -> [String] {
    // A folder that cannot be listed only costs the hint its suggestion.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Why a file that could not be read could not.
  static func problem(reading path: String, called shown: String? = nil) -> String {
    let shown = shown ?? path
    return switch kind(of: path) {
    case .nothing: "there is no file '\(shown)'"
    case .folder: "'\(shown)' is a folder"
    case .file: "the file '\(shown)' cannot be read"
    }
  }

  /// Files that are read whole (pipelines, templates, schemas) have at most so many bytes: 64 MB.
  static let byteLimit = 64_000_000

  /// The bytes of a file, of a longer one the first `byteLimit` and one more; nil when it cannot be
  /// read.
  static func bytes(of path: String) -> [UInt8]? {
    guard kind(of: path) == .file else { return nil }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { file.closeFile() }
      // Nothing read is the end of an empty file.
      return [UInt8](try file.read(upToCount: byteLimit + 1) ?? Data())
    } catch {
      // The caller reports it, with `problem(reading:)`.
      return nil
    }
  }

  /// What may lie at a path.
  enum Kind {
    case nothing, file, folder
  }
}
