/// How a text source stores its characters.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, with or without byte order mark.
  case utf8 = "utf-8"
  /// ISO 8859-1: each byte is the character of that number.
  case latin1
  /// Windows code page 1252, five bytes of which stand for nothing.
  case windows1252 = "windows-1252"
  /// UTF-16: the byte order mark tells the order; without one, a zero first byte means big-endian, else
  /// little-endian.
  case utf16 = "utf-16"
  /// UTF-16, low byte first; a byte order mark is skipped.
  case utf16LittleEndian = "utf-16le"
  /// UTF-16, high byte first; a byte order mark is skipped.
  case utf16BigEndian = "utf-16be"

  /// The characters of the bytes 0x80 to 0x9F in Windows code page 1252; 0 where there is none.
  ///
  /// From the Unicode Consortium's mapping table CP1252.TXT.
  static let windows1252High: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]
}
