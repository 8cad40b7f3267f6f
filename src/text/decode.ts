// Bytes → text by the name of an encoding, with Python's names for encodings (`latin-1`, `cp932`, `mac_roman` …). The platform's
// decoder knows few of them and reads `iso-8859-1` as windows-1252, so names are mapped here, and latin-1, ascii and three code
// pages have tables of their own. Decoding is strict: a byte that the encoding does not have is reported with its offset.

/** What became of the bytes. Offsets are byte offsets. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string }
  /** a byte sequence that the encoding does not have */
  | { readonly kind: 'invalid'; readonly offset: number }
  /** an encoding that Python has and this program cannot read */
  | { readonly kind: 'unsupported' }
  /** no encoding for source text: Python does not have it, or it is none for text */
  | { readonly kind: 'unknown' }

/** `encoding` is the name as written; Python compares names without case, with `-`, `_`, `.` and blanks alike. */
export function decode(bytes: Uint8Array, encoding: string): Decoded {
  const name = encoding.toLowerCase().replaceAll(/[-_ .]+/g, '_')
  if (UTF_8.has(name)) return decodeUtf8(bytes)
  if (LATIN_1.has(name)) return { kind: 'text', text: fromSingleBytes(bytes, '') }
  if (ASCII.has(name)) {
    const offset = bytes.findIndex((byte) => byte > 0x7f)
    return offset < 0 ? { kind: 'text', text: fromSingleBytes(bytes, '') } : { kind: 'invalid', offset }
  }
  const page = PAGES.get(name)
  if (page !== undefined) return decodeByPage(bytes, page)
  const label = LABELS.get(name) ?? isoLabel(name)
  if (label !== null) return decodeByLabel(bytes, label)
  return { kind: UNSUPPORTED.has(name) ? 'unsupported' : 'unknown' }
}

/** UTF-8 without a leading byte order mark; the offset of an error is that of the first byte of the bad sequence. */
function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { kind: 'invalid', offset: invalidUtf8(bytes) }
  }
}

/** Offset of the first byte that is not part of valid UTF-8, or -1 (RFC 3629: no surrogates, no overlong forms). */
export function invalidUtf8(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) return at
    at += length
  }
  return -1
}

/** Length of the valid sequence at `at`, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return 0
  for (let index = 2; index < length; index++) {
    const byte = bytes[at + index] ?? 0
    if (byte < 0x80 || byte > 0xbf) return 0
  }
  return length
}

/** UTF-8 with U+FFFD in the place of what is invalid. */
export function decodeLeniently(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function decodeByLabel(bytes: Uint8Array, label: string): Decoded {
  try {
    return { kind: 'text', text: new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch (error) {
    // RangeError: this Node was built without the decoder
    if (error instanceof RangeError) return { kind: 'unsupported' }
    return { kind: 'invalid', offset: firstInvalid(bytes, label) }
  }
}

/** The shortest prefix that cannot be decoded, found by halving (a prefix may end inside a character, which is no error). */
function firstInvalid(bytes: Uint8Array, label: string): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isDecodable(bytes.subarray(0, middle + 1), label)) low = middle + 1
    else high = middle
  }
  return Math.min(low, bytes.length - 1)
}

function isDecodable(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** How many characters are made from codes at once: the call has one argument per character. */
const CHUNK = 8192

function decodeByPage(bytes: Uint8Array, page: string): Decoded {
  const offset = page.includes('\0') ? bytes.findIndex((byte) => byte >= 0x80 && page.charAt(byte - 0x80) === '\0') : -1
  return offset < 0 ? { kind: 'text', text: fromSingleBytes(bytes, page) } : { kind: 'invalid', offset }
}

/** One character per byte: bytes from 80 on by the page, those beyond it as they are (latin-1). */
function fromSingleBytes(bytes: Uint8Array, page: string): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const codes = Array.from(bytes.subarray(at, at + CHUNK), (byte) =>
      byte < 0x80 || byte - 0x80 >= page.length ? byte : page.charCodeAt(byte - 0x80),
    )
    text += String.fromCharCode(...codes)
  }
  return text
}

// Aliases as in Python's `encodings.aliases`, with `_` for every separator.
const UTF_8: ReadonlySet<string> = new Set([
  'utf_8',
  'utf8',
  'u8',
  'utf',
  'utf8_ucs2',
  'utf8_ucs4',
  'cp65001',
  'utf_8_sig',
])
const LATIN_1: ReadonlySet<string> = new Set(
  'latin_1 latin1 latin l1 iso_8859_1 iso8859_1 iso8859 8859 cp819 ibm819 csisolatin1 iso_ir_100 iso_8859_1_1987'.split(
    ' ',
  ),
)
const ASCII: ReadonlySet<string> = new Set(
  'ascii us_ascii us 646 ansi_x3_4_1968 ansi_x3_4_1986 cp367 ibm367'.split(' '),
)

/** Encodings of Python for which there is no decoder here; a file that names one is incomplete, not wrong. */
const UNSUPPORTED: ReadonlySet<string> = new Set(
  (
    'utf_7 utf7 u7 unicode_1_1_utf_7 unicode_escape raw_unicode_escape idna punycode mbcs ansi dbcs oem hz big5hkscs cp720 cp737 cp775 cp852 ' +
    'cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp869 cp950 cp1006 cp1125 johab kz1048 mac_arabic ' +
    'mac_croatian mac_farsi mac_greek mac_iceland mac_latin2 mac_romanian mac_turkish ptcp154 shift_jisx0213 ' +
    'shift_jis_2004 euc_jis_2004 euc_jisx0213 iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext iso2022_kr ' +
    'iso8859_9 iso8859_11 latin5 hp_roman8 palmos tis_620 koi8_t'
  ).split(' '),
)

/** The platform's labels (Encoding Standard) where they differ from Python's names. */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    shift_jis: 'cp932 932 ms932 mskanji ms_kanji shift_jis shiftjis sjis s_jis',
    'euc-jp': 'euc_jp eucjp ujis',
    'iso-2022-jp': 'iso2022_jp iso_2022_jp',
    'euc-kr': 'euc_kr euckr cp949',
    gbk: 'gbk cp936 936 ms936 gb2312 euc_cn',
    gb18030: 'gb18030',
    big5: 'big5',
    'koi8-r': 'koi8_r',
    'koi8-u': 'koi8_u',
    ibm866: 'cp866 866 ibm866',
    'windows-874': 'cp874',
    macintosh: 'mac_roman macroman macintosh',
    'x-mac-cyrillic': 'mac_cyrillic maccyrillic',
  }).flatMap(([label, names]) => names.split(' ').map((name) => [name, label] as const)),
)

/** `cp125x` / `windows-125x`, and those parts of ISO 8859 that the platform reads as Python does. */
function isoLabel(name: string): string | null {
  const windows = /^(?:cp|windows_)?(125[0-8])$/.exec(name)?.[1]
  if (windows !== undefined) return `windows-${windows}`
  const iso = /^iso_?8859_(\d+)$/.exec(name)?.[1] ?? LATINS.get(name)
  return iso !== undefined && ISO_PARTS.has(iso) ? `iso-8859-${iso}` : null
}

const LATINS: ReadonlyMap<string, string> = new Map([
  ['latin2', '2'],
  ['latin3', '3'],
  ['latin4', '4'],
  ['latin6', '10'],
  ['latin8', '14'],
  ['latin9', '15'],
  ['latin_9', '15'],
  ['latin10', '16'],
  ['cyrillic', '5'],
  ['greek', '7'],
  ['hebrew', '8'],
])
const ISO_PARTS: ReadonlySet<string> = new Set('2 3 4 5 6 7 8 10 13 14 15 16'.split(' '))

/** The upper halves of the two DOS code pages (Unicode Consortium, VENDORS/MICSFT/PC). A page may be shorter: the rest is latin-1. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
/** 80 to 9F of windows-1252 (…/WINDOWS/CP1252.TXT; NUL = no character), which Node 20 decodes as latin-1. */
const CP1252 = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ'
const PAGES: ReadonlyMap<string, string> = new Map([
  ['cp437', CP437],
  ['437', CP437],
  ['ibm437', CP437],
  ['cp850', CP850],
  ['850', CP850],
  ['ibm850', CP850],
  ['cp1252', CP1252],
  ['windows_1252', CP1252],
  ['1252', CP1252],
])
