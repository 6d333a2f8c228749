/// The properties that `\p{…}` may name.
enum UnicodeProperty {
  /// What a name stands for.
  enum Meaning {
    case set(ScalarSet)
    /// The name is right, but no data for it is here.
    case unsupported
    case unknown
  }

  /// The meaning of what stands between the braces of `\p{…}`.
  static func meaning(of text: String) -> Meaning {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      if let bits = Unicode.GeneralCategory.bitsByName[text] {
        return .set(ScalarSet(categories: bits))
      }
      return binary(text)
    }
    switch parts[0] {
    case "gc", "General_Category":
      guard let bits = Unicode.GeneralCategory.bitsByName[parts[1]] else { return .unknown }
      return .set(ScalarSet(categories: bits))
    case "sc", "Script":
      guard let ranges = Scripts.ranges(of: parts[1]) else { return .unsupported }
      return .set(ScalarSet(ranges))
    case "scx", "Script_Extensions": return .unsupported
    default: return .unknown
    }
  }

  private static func binary(_ name: String) -> Meaning {
    switch name {
    case "Any": return .set(ScalarSet([0...ScalarSet.last]))
    case "ASCII": return .set(ScalarSet([0...0x7F]))
    case "Assigned":
      let unassigned = Unicode.GeneralCategory.bitsByName["Cn"] ?? 0
      return .set(ScalarSet(categories: ~unassigned))
    default: break
    }
    if let property = properties[name] {
      return .set(ScalarSet { $0[keyPath: property] })
    }
    return unsupported.contains(name) ? .unsupported : .unknown
  }

  private typealias Property = KeyPath<Unicode.Scalar.Properties, Bool> & Sendable

  private static let properties: [String: any Property] = [
    "Alphabetic": \.isAlphabetic, "Alpha": \.isAlphabetic,
    "ASCII_Hex_Digit": \.isASCIIHexDigit, "AHex": \.isASCIIHexDigit,
    "Bidi_Control": \.isBidiControl, "Bidi_C": \.isBidiControl,
    "Bidi_Mirrored": \.isBidiMirrored, "Bidi_M": \.isBidiMirrored,
    "Case_Ignorable": \.isCaseIgnorable, "CI": \.isCaseIgnorable, "Cased": \.isCased,
    "Changes_When_Lowercased": \.changesWhenLowercased, "CWL": \.changesWhenLowercased,
    "Changes_When_Uppercased": \.changesWhenUppercased, "CWU": \.changesWhenUppercased,
    "Changes_When_Titlecased": \.changesWhenTitlecased, "CWT": \.changesWhenTitlecased,
    "Dash": \.isDash, "Default_Ignorable_Code_Point": \.isDefaultIgnorableCodePoint,
    "DI": \.isDefaultIgnorableCodePoint, "Deprecated": \.isDeprecated, "Dep": \.isDeprecated,
    "Diacritic": \.isDiacritic, "Dia": \.isDiacritic, "Emoji": \.isEmoji,
    "Emoji_Modifier": \.isEmojiModifier, "EMod": \.isEmojiModifier,
    "Emoji_Modifier_Base": \.isEmojiModifierBase, "EBase": \.isEmojiModifierBase,
    "Emoji_Presentation": \.isEmojiPresentation, "EPres": \.isEmojiPresentation,
    "Extender": \.isExtender, "Ext": \.isExtender, "Grapheme_Base": \.isGraphemeBase,
    "Gr_Base": \.isGraphemeBase, "Grapheme_Extend": \.isGraphemeExtend,
    "Gr_Ext": \.isGraphemeExtend, "Hex_Digit": \.isHexDigit, "Hex": \.isHexDigit,
    "ID_Continue": \.isIDContinue, "IDC": \.isIDContinue, "ID_Start": \.isIDStart,
    "IDS": \.isIDStart, "Ideographic": \.isIdeographic, "Ideo": \.isIdeographic,
    "Join_Control": \.isJoinControl, "Join_C": \.isJoinControl,
    "Logical_Order_Exception": \.isLogicalOrderException, "LOE": \.isLogicalOrderException,
    "Lowercase": \.isLowercase, "Lower": \.isLowercase, "Math": \.isMath,
    "Noncharacter_Code_Point": \.isNoncharacterCodePoint, "NChar": \.isNoncharacterCodePoint,
    "Pattern_Syntax": \.isPatternSyntax, "Pat_Syn": \.isPatternSyntax,
    "Pattern_White_Space": \.isPatternWhitespace, "Pat_WS": \.isPatternWhitespace,
    "Quotation_Mark": \.isQuotationMark, "QMark": \.isQuotationMark, "Radical": \.isRadical,
    "Sentence_Terminal": \.isSentenceTerminal, "STerm": \.isSentenceTerminal,
    "Soft_Dotted": \.isSoftDotted, "SD": \.isSoftDotted,
    "Terminal_Punctuation": \.isTerminalPunctuation, "Term": \.isTerminalPunctuation,
    "Unified_Ideograph": \.isUnifiedIdeograph, "UIdeo": \.isUnifiedIdeograph,
    "Uppercase": \.isUppercase, "Upper": \.isUppercase,
    "Variation_Selector": \.isVariationSelector, "VS": \.isVariationSelector,
    "White_Space": \.isWhitespace, "space": \.isWhitespace,
    "XID_Continue": \.isXIDContinue, "XIDC": \.isXIDContinue, "XID_Start": \.isXIDStart,
    "XIDS": \.isXIDStart,
  ]

  /// Names that ECMA-262 knows, but the standard library does not.
  private static let unsupported: Set<String> = [
    "Changes_When_Casefolded", "CWCF", "Changes_When_Casemapped", "CWCM",
    "Changes_When_NFKC_Casefolded", "CWKCF", "Emoji_Component", "EComp",
    "Extended_Pictographic", "ExtPict", "IDS_Binary_Operator", "IDSB", "IDS_Trinary_Operator",
    "IDST", "Regional_Indicator", "RI",
  ]
}
