/// What is known of each kind of provider.
public struct Catalogs: Sendable {
  private var byKind: [ProviderKind: Catalog]

  /// The catalogues that Leaven comes with.
  ///
  /// - Throws: `CatalogError` if a built-in file is wrong, which a test rules out.
  public static func builtIn() throws(CatalogError) -> Catalogs {
    var catalogs = Catalogs(byKind: [:])
    for kind in ProviderKind.allCases {
      catalogs.byKind[kind] = try .builtIn(of: kind)
    }
    return catalogs
  }

  /// The catalogue of a kind.
  public subscript(kind: ProviderKind) -> Catalog {
    guard let catalog = byKind[kind] else {
      preconditionFailure("every kind has a built-in catalogue")
    }
    return catalog
  }

  /// The same with a catalogue in the place of its kind's.
  public func with(_ catalog: Catalog) -> Catalogs {
    var catalogs = self
    catalogs.byKind[catalog.kind] = catalog
    return catalogs
  }
}
