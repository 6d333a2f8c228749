internal import Records

/// What goes wrong in a sandbox, and when.
///
/// The page on the sandbox documents the file.
public struct FaultScript: Sendable {
  var calls: [CallFault] = []
  var batches: [BatchFault] = []
  var rows: [RowFault] = []
  var switches = Switches()
  var limits = RateLimits()

  /// A script in which nothing goes wrong.
  public init() {}

  /// Reads a script.
  ///
  /// - Parameters:
  ///   - bytes: The text: one JSON object with `calls`, `batches`, `rows`, `switches` and `limits`,
  ///     all optional.
  ///   - name: What errors call it.
  /// - Throws: `SandboxError` of code `script-invalid` that names the place; nothing unknown is
  ///   passed over.
  public init(parsing bytes: [UInt8], name: String) throws(SandboxError) {
    let place = ScriptPlace(name)
    let json = try place.object(bytes)
    try place.allow(["calls", "batches", "rows", "switches", "limits"], in: json)
    for (number, entry) in (json["calls"]?.array ?? []).enumerated() {
      calls.append(try CallFault(entry, place.inside("calls[\(number)]")))
    }
    for (number, entry) in (json["batches"]?.array ?? []).enumerated() {
      batches.append(try BatchFault(entry, place.inside("batches[\(number)]")))
    }
    for (number, entry) in (json["rows"]?.array ?? []).enumerated() {
      rows.append(try RowFault(entry, place.inside("rows[\(number)]")))
    }
    if let entry = json["switches"] { switches = try Switches(entry, place.inside("switches")) }
    if let entry = json["limits"] { limits = try RateLimits(entry, place.inside("limits")) }
  }
}
