import { crc32, inflateSync } from 'node:zlib'
import { BuylinkError } from '../kernel/errors.ts'

/** Enough for a logo at twice the largest size that is shown. */
export const MAX_LOGO_BYTES = 256 * 1024
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Length, type and CRC of a chunk. */
const FRAME_BYTES = 12
/** Samples a pixel by colour type (PNG §11.2.1). */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** @throws {BuylinkError} `invalid_request`; `payload_too_large`. */
export const readLogo = (file: Buffer): Buffer =>
  readPicture(file, { maxBytes: MAX_LOGO_BYTES, maxSide: 2048, what: 'A logo' })

/**
 * Checks that a file is a PNG, whole, of a size that a page can bear: signature, every chunk with its CRC, and as many
 * pixels as the header promises (ISO/IEC 15948). What comes after the end, or says more than the picture, is left out,
 * so that nothing else travels in a picture.
 *
 * @param bounds `maxSide` in pixels; `what` begins a sentence that says how large one may be.
 * @returns The picture, made of the chunks that draw it.
 * @throws {BuylinkError} `invalid_request`; `payload_too_large`.
 */
export function readPicture(
  file: Buffer,
  { maxBytes, maxSide, what }: { readonly maxBytes: number; readonly maxSide: number; readonly what: string },
): Buffer {
  if (file.length > maxBytes) throw new BuylinkError('payload_too_large', `${what} has at most ${maxBytes / 1024} KiB.`)
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw refused('is no PNG picture')
  const chunks = readChunks(file)
  const [header] = chunks
  if (header?.type !== 'IHDR' || header.data.length !== 13 || chunks.at(-1)?.type !== 'IEND')
    throw refused('is not a whole PNG picture')
  const pixels = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  checkPixels(header.data, pixels, maxSide)
  return Buffer.concat([SIGNATURE, ...chunks.filter(({ type }) => DRAWING.has(type)).map(({ bytes }) => bytes)])
}

const DRAWING = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT'])

interface Chunk {
  readonly type: string
  readonly data: Buffer
  /** With its frame. */
  readonly bytes: Buffer
}

function readChunks(file: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  let at = SIGNATURE.length
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + FRAME_BYTES > file.length) throw refused('ends too early')
    const length = file.readUInt32BE(at)
    const end = at + FRAME_BYTES + length
    if (end > file.length) throw refused('ends too early')
    const bytes = file.subarray(at, end)
    if (crc32(bytes.subarray(4, -4)) !== bytes.readUInt32BE(bytes.length - 4)) throw refused('is damaged')
    chunks.push({ type: bytes.toString('latin1', 4, 8), data: bytes.subarray(8, -4), bytes })
    at = end
  }
  return chunks
}

function checkPixels(header: Buffer, compressed: Buffer, maxSide: number): void {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const [depth = 0, colour = -1, compression, filter, interlace = 0] = header.subarray(8)
  if (!DEPTHS[colour]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw refused('is a PNG that no browser shows')
  if (width < 1 || height < 1 || width > maxSide || height > maxSide)
    throw refused(`is ${width} × ${height} pixels; at most ${maxSide} × ${maxSide} are taken`)
  const bitsPerPixel = depth * (CHANNELS[colour] ?? 0)
  const expected =
    interlace === 1 ? interlacedBytes(width, height, bitsPerPixel) : passBytes(width, height, bitsPerPixel)
  let pixels: Buffer
  try {
    // A few bytes may unpack to gigabytes: no more than the header promises.
    pixels = inflateSync(compressed, { maxOutputLength: expected + 1 })
  } catch {
    throw refused('is damaged')
  }
  if (pixels.length !== expected) throw refused('has not the pixels that it promises')
}

/** A filter byte and the pixels of each row. */
const passBytes = (width: number, height: number, bitsPerPixel: number): number =>
  width === 0 ? 0 : height * (1 + Math.ceil((width * bitsPerPixel) / 8))

/** The seven passes of Adam7 (PNG §8.2): first column and row, and the steps between them. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

const interlacedBytes = (width: number, height: number, bitsPerPixel: number): number =>
  ADAM7.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.max(0, Math.ceil((width - x) / stepX))
    const rows = Math.max(0, Math.ceil((height - y) / stepY))
    return sum + (columns === 0 ? 0 : passBytes(columns, rows, bitsPerPixel))
  }, 0)

const refused = (why: string): BuylinkError =>
  new BuylinkError('invalid_request', `The file ${why}.`, {
    problems: [{ path: 'file', code: 'not_a_logo', message: `The file ${why}` }],
  })
