// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target is built with: Swift 6 mode, explicit imports, warnings are errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
  // Debug builds, and so the tests, check exclusive access at run time; the loops of a release build do without.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
  name: "leaven",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "leaven", targets: ["leaven"]),
    .executable(name: "leaven-bench", targets: ["leaven-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // Level 0: bytes and the C libraries under them.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCurlLibrary", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .target(name: "CCurl", dependencies: ["CCurlLibrary"]),
    .target(name: "CXXHash"),
    .target(name: "CWriteBack"),
    .target(
      name: "Records", dependencies: ["CZlib", "CXXHash", "CWriteBack", sqlite],
      swiftSettings: strict),

    // Level 1: each knows bytes and records, none knows another.
    .target(name: "Schemas", dependencies: ["Records"], swiftSettings: strict),
    .target(name: "Templates", dependencies: ["Records"], swiftSettings: strict),
    .target(
      name: "Providers", dependencies: ["Records", "CCurl"],
      resources: [
        .embedInCode("Catalog/anthropic.json"), .embedInCode("Catalog/openai.json"),
        .embedInCode("Catalog/gemini.json"),
        .embedInCode("Catalog/openai-compatible.json"),
      ],
      swiftSettings: strict),
    .target(
      name: "Ledger", dependencies: ["Records", grdb, sqlite],
      resources: [
        .embedInCode("Migrations/one.sql"), .embedInCode("Migrations/two.sql"),
        .embedInCode("Migrations/three.sql"), .embedInCode("Migrations/four.sql"),
        .embedInCode("Migrations/five.sql"), .embedInCode("Migrations/six.sql"),
        .embedInCode("Migrations/seven.sql"),
        .embedInCode("Migrations/eight.sql"),
      ],
      swiftSettings: strict),

    // Level 2: a pipeline file becomes a plan.
    .target(
      name: "Pipelines",
      dependencies: [
        "Records", "Schemas", "Templates", "Providers", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    // Level 3: the run, and the stand-in server. They never import each other.
    .target(
      name: "Engine",
      dependencies: ["Records", "Schemas", "Templates", "Providers", "Ledger", "Pipelines"],
      swiftSettings: strict),
    .target(
      name: "Sandbox",
      dependencies: [
        "Records", "Schemas", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      swiftSettings: strict),

    // Level 4: the programs.
    .executableTarget(
      name: "leaven",
      dependencies: [
        "Records", "Schemas", "Templates", "Providers", "Ledger", "Pipelines", "Engine", "Sandbox",
        argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "leaven-bench",
      dependencies: ["Records", "Schemas", "Templates", "Providers", argumentParser],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Records"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "RecordsTests", dependencies: ["Records", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SchemasTests", dependencies: ["Schemas", "Records", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TemplatesTests", dependencies: ["Templates", "Records", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ProvidersTests", dependencies: ["Providers", "Records", "Sandbox", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "Records", grdb, "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PipelinesTests",
      dependencies: ["Pipelines", "Providers", "Records", "Schemas", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "Records", "Schemas", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "Ledger", "Pipelines", "Providers", "Records", "Sandbox", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["Records", "TestSupport", "leaven"],
      swiftSettings: strict),
  ]
)
