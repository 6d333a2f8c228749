extension Unicode.GeneralCategory {
  /// A number of its own for each category.
  var bit: UInt32 {
    switch self {
    case .uppercaseLetter: 0
    case .lowercaseLetter: 1
    case .titlecaseLetter: 2
    case .modifierLetter: 3
    case .otherLetter: 4
    case .nonspacingMark: 5
    case .spacingMark: 6
    case .enclosingMark: 7
    case .decimalNumber: 8
    case .letterNumber: 9
    case .otherNumber: 10
    case .connectorPunctuation: 11
    case .dashPunctuation: 12
    case .openPunctuation: 13
    case .closePunctuation: 14
    case .initialPunctuation: 15
    case .finalPunctuation: 16
    case .otherPunctuation: 17
    case .mathSymbol: 18
    case .currencySymbol: 19
    case .modifierSymbol: 20
    case .otherSymbol: 21
    case .spaceSeparator: 22
    case .lineSeparator: 23
    case .paragraphSeparator: 24
    case .control: 25
    case .format: 26
    case .surrogate: 27
    case .privateUse: 28
    case .unassigned: 29
    @unknown default: 29
    }
  }

  /// The categories by the names that ECMA-262 knows (Unicode's PropertyValueAliases), as sets of
  /// bits.
  static let bitsByName: [String: UInt32] = {
    var result: [String: UInt32] = [:]
    for (names, bits) in namedBits {
      for name in names.split(separator: " ") {
        result[String(name)] = bits.reduce(0) { $0 | 1 << $1 }
      }
    }
    return result
  }()

  private static let namedBits: [(names: String, bits: ClosedRange<UInt32>)] = [
    ("Lu Uppercase_Letter", 0...0), ("Ll Lowercase_Letter", 1...1),
    ("Lt Titlecase_Letter", 2...2), ("LC Cased_Letter", 0...2), ("Lm Modifier_Letter", 3...3),
    ("Lo Other_Letter", 4...4), ("L Letter", 0...4), ("Mn Nonspacing_Mark", 5...5),
    ("Mc Spacing_Mark", 6...6), ("Me Enclosing_Mark", 7...7), ("M Mark Combining_Mark", 5...7),
    ("Nd Decimal_Number digit", 8...8), ("Nl Letter_Number", 9...9), ("No Other_Number", 10...10),
    ("N Number", 8...10), ("Pc Connector_Punctuation", 11...11),
    ("Pd Dash_Punctuation", 12...12), ("Ps Open_Punctuation", 13...13),
    ("Pe Close_Punctuation", 14...14), ("Pi Initial_Punctuation", 15...15),
    ("Pf Final_Punctuation", 16...16), ("Po Other_Punctuation", 17...17),
    ("P Punctuation punct", 11...17), ("Sm Math_Symbol", 18...18),
    ("Sc Currency_Symbol", 19...19), ("Sk Modifier_Symbol", 20...20),
    ("So Other_Symbol", 21...21), ("S Symbol", 18...21), ("Zs Space_Separator", 22...22),
    ("Zl Line_Separator", 23...23), ("Zp Paragraph_Separator", 24...24), ("Z Separator", 22...24),
    ("Cc Control cntrl", 25...25), ("Cf Format", 26...26), ("Cs Surrogate", 27...27),
    ("Co Private_Use", 28...28), ("Cn Unassigned", 29...29), ("C Other", 25...29),
  ]
}
