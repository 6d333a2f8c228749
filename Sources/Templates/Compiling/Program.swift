/// A compiled template with all files it includes: never changes, shared by all who render it.
final class Program: Sendable {
  /// The template itself and the files it includes, each once; the first is the template.
  let units: [Unit]
  /// The texts that marks point into.
  let sources: [SourceText]
  /// Names that come from outside.
  let externals: [ExternalName]
  /// All literal text, as it is and escaped for JSON.
  let plainText: [UInt8]
  let escapedText: [UInt8]
  let settings: Settings

  init(
    units: [Unit], sources: [SourceText], externals: [ExternalName], plainText: [UInt8],
    escapedText: [UInt8], settings: Settings
  ) {
    self.units = units
    self.sources = sources
    self.externals = externals
    self.plainText = plainText
    self.escapedText = escapedText
    self.settings = settings
  }

  /// What of the environment matters when a template runs.
  struct Settings: Sendable {
    var limits: RenderLimits
    var undefinedNames: TemplateEnvironment.UndefinedNames
    var charactersPerToken: Double
  }
}

/// One file.
struct Unit: Sendable {
  let name: String
  let body: [Operation]
  let entry: ScopeEntry
  let slotCount: Int
  /// The variables that an import sees.
  let exports: [Export]

  /// A top-level variable.
  struct Export: Sendable {
    let name: Text
    let slot: Int
  }
}

/// A place in a source.
struct Mark: Sendable {
  var source: Int32
  var offset: Int32
}

/// A name that no part of a template assigns.
struct ExternalName: Sendable {
  enum Origin: Sendable {
    /// The record as a whole.
    case record
    /// One of the environment's roots.
    case root(Int)
    /// A field of the record, else a global function.
    case field
  }

  let name: Text
  let origin: Origin
  let function: GlobalFunction?
}

/// Literal text: where it stands in the program's two texts.
struct Literal: Sendable {
  let plain: Range<Int>
  let escaped: Range<Int>
}

/// A variable as its function sees it.
struct SlotReference: Sendable {
  /// How many functions around this one to go up.
  let up: Int
  let slot: Int
}

/// What happens to variables when a scope is entered and left.
struct ScopeEntry: Sendable {
  var missing: [Int] = []
  var copied: [(slot: Int, from: SlotReference)] = []
  var lookedUp: [(slot: Int, external: Int)] = []
  /// All slots of the scope, which are empty after it.
  var all: [Int] = []
}
