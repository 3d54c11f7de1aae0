const PLUS = 0x2b
const PERCENT = 0x25
const ASCII = Array.from({ length: 0x80 }, (_, byte) => String.fromCharCode(byte))

/**
 * Undoes `+` and percent-encoding as a web form does (Rack: `URI.decode_www_form_component`).
 * ASCII is done here, at half the cost of `decodeURIComponent`; whatever lies beyond is left to it.
 *
 * @returns null when the encoding is broken (`%`, `%zz`) or is not UTF-8 (refusing that is our choice).
 */
export function decode(written: string): string | null {
  let text = ''
  let from = 0
  for (let at = 0; at < written.length; at++) {
    const unit = written.charCodeAt(at)
    if (unit === PLUS) {
      text += `${written.slice(from, at)} `
      from = at + 1
    } else if (unit === PERCENT) {
      const byte = hexDigit(written.charCodeAt(at + 1)) * 16 + hexDigit(written.charCodeAt(at + 2))
      if (Number.isNaN(byte)) return null
      const character = ASCII[byte]
      if (character === undefined) return decodeUtf8(written)
      text += written.slice(from, at) + character
      at += 2
      from = at + 1
    }
  }
  return from === 0 ? written : text + written.slice(from)
}

function decodeUtf8(written: string): string | null {
  try {
    return decodeURIComponent(written.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** 0 to 15; NaN when the unit (NaN past the end of the text) is no hexadecimal digit. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN
}
