import { contrast, fromOklch, parseHex, type Rgb, toHex, toOklch } from './colour.ts'

/** What of a brand decides colours. `color` is RGB hex with or without `#`; `colorScheme` names one of `SCHEMES`. */
export interface BrandColours {
  readonly color: string | null
  readonly colorScheme: string
}

/** Colour schemes a brand may name; a colour of its own comes before them. */
export const SCHEMES: Readonly<Record<string, string>> = {
  default: '#0e5f4c',
  blue: '#1f55c4',
  cyan: '#0b7285',
  green: '#2b7a2f',
  orange: '#c2410c',
  purple: '#6d3bbd',
  red: '#b3202c',
  grey: '#4a4f57',
}

/** The surfaces a brand colour stands on (design/tokens.css). */
const LIGHT = { surface: hex('#ffffff'), page: hex('#f6f5f1') }
const DARK = { surface: hex('#1c1c19'), page: hex('#131311') }
const WHITE = hex('#ffffff')
const INK = hex('#161513')

/** Text needs 4.5:1, what one must find (a button's edge, the focus ring) 3:1: WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT = 4.5
const SHAPE = 3
/** Coloured text on dark surfaces tires the eye at the bare minimum. */
const TEXT_ON_DARK = 6.5
/** Kept in hand, since hex rounds. */
const SLACK = 0.06

export interface BrandRoles {
  readonly brand: string
  readonly brandHover: string
  readonly onBrand: string
  /** Edge of a brand-filled shape, where the fill alone is too close to the page. */
  readonly brandEdge: string
  readonly brandText: string
  readonly brandSoft: string
  readonly brandLine: string
  readonly focus: string
}

/**
 * The stylesheet with a brand's colours, served at `/brand.css`: custom properties for light and dark.
 * Whatever colour a reseller chooses, text stays readable and buttons stay findable: lightness gives way, hue stays.
 * A colour that cannot be read falls back to the scheme's, an unknown scheme to `default`.
 */
export function brandCss(brand: BrandColours): string {
  const colour = brandColour(brand)
  return `:root{${declarations(brandRoles(colour, 'light'))}}\n@media (prefers-color-scheme:dark){:root{${declarations(brandRoles(colour, 'dark'))}}}\n`
}

/** The colour of a brand as chosen, before any correction. */
export function brandColour({ color, colorScheme }: BrandColours): string {
  const own = color === null ? undefined : parseHex(color)
  return own ? toHex(own) : (SCHEMES[colorScheme] ?? SCHEMES['default'] ?? '#0e5f4c')
}

/** The colour roles of one theme. */
export function brandRoles(colour: string, theme: 'light' | 'dark'): BrandRoles {
  const { surface, page } = theme === 'light' ? LIGHT : DARK
  const base = parseHex(colour) ?? hex('#0e5f4c')
  const { fill, text } = fillOf(base, theme)
  const soft = tint(base, theme === 'light' ? 0.955 : 0.27, theme === 'light' ? 0.018 : 0.035)
  const textContrast = theme === 'light' ? TEXT : TEXT_ON_DARK
  const brandText = until(base, theme, (candidate) =>
    [surface, page, soft].every((ground) => contrast(candidate, ground) >= textContrast + SLACK),
  )
  const shape = until(base, theme, (candidate) =>
    [surface, page].every((ground) => contrast(candidate, ground) >= SHAPE + SLACK),
  )
  const findable = [surface, page].every((ground) => contrast(fill, ground) >= SHAPE)
  return {
    brand: toHex(fill),
    brandHover: toHex(hoverOf(fill, text)),
    onBrand: toHex(text),
    brandEdge: findable ? 'transparent' : toHex(shape),
    brandText: toHex(brandText),
    brandSoft: toHex(soft),
    brandLine: toHex(tint(base, theme === 'light' ? 0.85 : 0.43, theme === 'light' ? 0.045 : 0.06)),
    focus: toHex(brandText),
  }
}

/** A fill and the text on it: white on dark colours, ink on light ones, and in between the fill gets darker. */
function fillOf(base: Rgb, theme: 'light' | 'dark'): { fill: Rgb; text: Rgb } {
  const findable =
    theme === 'dark' ? until(base, 'dark', (candidate) => contrast(candidate, DARK.surface) >= SHAPE) : base
  if (contrast(findable, WHITE) >= TEXT) return { fill: findable, text: WHITE }
  if (contrast(findable, WHITE) >= SHAPE)
    return { fill: until(findable, 'light', (candidate) => contrast(candidate, WHITE) >= TEXT + SLACK), text: WHITE }
  return { fill: findable, text: INK }
}

/** Hovering goes away from the text's colour, so the label never loses contrast. */
function hoverOf(fill: Rgb, text: Rgb): Rgb {
  const colour = toOklch(fill)
  const step = text === WHITE ? -0.055 : 0.04
  return fromOklch({ ...colour, lightness: Math.min(0.97, Math.max(0.06, colour.lightness + step)) })
}

const tint = (base: Rgb, lightness: number, most: number): Rgb => {
  const { chroma, hue } = toOklch(base)
  return fromOklch({ lightness, chroma: Math.min(chroma, most), hue })
}

/** Moves a colour's lightness away from the theme's surfaces, step by step, until it is good enough. */
function until(base: Rgb, theme: 'light' | 'dark', isGood: (candidate: Rgb) => boolean): Rgb {
  const colour = toOklch(base)
  const step = theme === 'light' ? -0.01 : 0.01
  for (let lightness = colour.lightness; lightness > 0 && lightness < 1; lightness += step) {
    const candidate = hex(toHex(fromOklch({ ...colour, lightness })))
    if (isGood(candidate)) return candidate
  }
  return theme === 'light' ? INK : WHITE
}

const declarations = (roles: BrandRoles): string =>
  Object.entries(roles)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value}`)
    .join(';')

function hex(text: string): Rgb {
  const rgb = parseHex(text)
  if (!rgb) throw new RangeError(`Not a colour: ${text}`)
  return rgb
}
