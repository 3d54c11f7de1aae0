import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Paper, PaperFact, PaperLine } from './schema.ts'

// Points of a sheet of A4 (ISO 216), 72 to an inch.
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 50
const WIDTH = PAGE.width - 2 * MARGIN
/** Down to here goes the text; below is the footer. */
const BOTTOM = PAGE.height - 86
const INK = '#1a1f29'
const QUIET = '#5b6472'
const RULE = '#d5d9e0'
/** Widths of the table's columns: what, quantity, unit price, tax, amount; a gap before each but the first. */
const COLUMNS = [WIDTH - 290, 64, 74, 52, 100] as const
const GAP = 8

type Pdf = InstanceType<typeof import('pdfkit')>

const require = createRequire(import.meta.url)
let fonts: Promise<readonly [Buffer, Buffer]> | undefined

/**
 * Draws a document as PDF on A4, as many pages as it needs, with its fonts in it: Latin, Greek and Cyrillic, all of it
 * text that can be searched and copied. The library is loaded where documents are drawn.
 */
export async function drawPaper(paper: Paper): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit')
  fonts ??= Promise.all([
    readFile(require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf')),
    readFile(require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf')),
  ])
  const [regular, bold] = await fonts
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    bufferPages: true,
    lang: paper.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: paper.title,
      Author: paper.look.name,
      Creator: 'Buylink',
      CreationDate: paper.at,
      ModDate: paper.at,
    },
  })
  pdf.registerFont('regular', regular)
  pdf.registerFont('bold', bold)
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => pdf.once('end', resolve).once('error', reject))
  drawHead(pdf, paper)
  drawParties(pdf, paper)
  drawLines(pdf, paper)
  drawTotals(pdf, paper)
  drawNotes(pdf, paper)
  drawFooters(pdf, paper)
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}

const write = (pdf: Pdf, style: 'regular' | 'bold', size: number, colour: string): Pdf =>
  pdf.font(style).fontSize(size).fillColor(colour)

/** Figures stand in columns. */
const FIGURES = { features: ['tnum' as const] }

/** A figure at the right of its column, in one piece: one that is too long is written smaller. */
function writeFigure(
  pdf: Pdf,
  style: 'regular' | 'bold',
  size: number,
  text: string,
  x: number,
  y: number,
  width: number,
): void {
  const needed = write(pdf, style, size, INK).widthOfString(text, FIGURES)
  // A little less, or rounding breaks what just fits.
  if (needed > width) pdf.fontSize((size * width * 0.99) / needed)
  pdf.text(text, x, y, { width, align: 'right', ...FIGURES })
}

function drawHead(pdf: Pdf, { look, title }: Paper): void {
  pdf.rect(0, 0, PAGE.width, 6).fill(look.colour)
  if (look.logo) pdf.image(look.logo, MARGIN, 34, { fit: [170, 40], valign: 'center' })
  else write(pdf, 'bold', 15, INK).text(look.name, MARGIN, 44, { width: WIDTH / 2, lineBreak: true })
  const left = pdf.y
  write(pdf, 'bold', 17, INK).text(title, MARGIN + WIDTH / 2, 43, { width: WIDTH / 2, align: 'right' })
  pdf.y = Math.max(left, pdf.y, 84)
}

function drawParties(pdf: Pdf, { from, to, facts }: Paper): void {
  const top = pdf.y + 18
  const third = (WIDTH - 40) / 3
  const ends = [from, to].map((party, index) => {
    const x = MARGIN + index * (third + 20)
    write(pdf, 'regular', 8, QUIET).text(party.label, x, top, { width: third })
    for (const [row, line] of party.lines.entries())
      write(pdf, row === 0 ? 'bold' : 'regular', 9, INK).text(line, x, pdf.y + (row === 0 ? 3 : 1), { width: third })
    return pdf.y
  })
  const x = MARGIN + 2 * (third + 20)
  let y = top
  for (const fact of facts) {
    write(pdf, 'regular', 8, QUIET).text(fact.label, x, y + 0.5, { width: 72 })
    const labelEnd = pdf.y
    write(pdf, 'regular', 9, INK).text(fact.value, x + 74, y, { width: third - 74, align: 'right', ...FIGURES })
    y = Math.max(pdf.y, labelEnd) + 3
  }
  pdf.y = Math.max(...ends, y) + 24
}

function drawColumns(pdf: Pdf, { columns, look }: Paper): void {
  const y = pdf.y
  let end = y
  let x = MARGIN
  for (const [index, head] of columns.entries()) {
    const width = COLUMNS[index] ?? 0
    const align = index === 0 ? 'left' : 'right'
    write(pdf, 'bold', 8, QUIET).text(head, x + GAP * Number(index > 0), y, { width: width - GAP, align })
    end = Math.max(end, pdf.y)
    x += width
  }
  pdf
    .moveTo(MARGIN, end + 5)
    .lineTo(MARGIN + WIDTH, end + 5)
    .lineWidth(1.2)
    .strokeColor(look.colour)
    .stroke()
  pdf.y = end + 12
}

/** A new page, where `height` more does not fit on this one. @returns Whether there is one. */
function makeRoom(pdf: Pdf, height: number): boolean {
  if (pdf.y + height <= BOTTOM) return false
  pdf.addPage()
  pdf.y = MARGIN
  return true
}

function drawLines(pdf: Pdf, paper: Paper): void {
  drawColumns(pdf, paper)
  for (const [index, line] of paper.lines.entries()) {
    // The last line stays with the totals: they do not stand on a page by themselves.
    const below = index === paper.lines.length - 1 ? heightOfTotals(paper) : 0
    if (makeRoom(pdf, heightOf(pdf, line) + 14 + below)) drawColumns(pdf, paper)
    drawLine(pdf, line)
  }
}

function heightOf(pdf: Pdf, line: PaperLine): number {
  const width = COLUMNS[0] - GAP
  const description = write(pdf, 'regular', 9.5, INK).heightOfString(line.description, { width })
  return description + (line.note ? write(pdf, 'regular', 8, QUIET).heightOfString(line.note, { width }) + 2 : 0)
}

function drawLine(pdf: Pdf, line: PaperLine): void {
  const y = pdf.y
  const width = COLUMNS[0] - GAP
  write(pdf, 'regular', 9.5, INK).text(line.description, MARGIN, y, { width })
  if (line.note) write(pdf, 'regular', 8, QUIET).text(line.note, MARGIN, pdf.y + 2, { width })
  let end = pdf.y
  let x = MARGIN + COLUMNS[0]
  for (const [index, text] of [line.quantity, line.unitPrice, line.tax, line.amount].entries()) {
    const column = COLUMNS[index + 1] ?? 0
    writeFigure(pdf, 'regular', 9.5, text, x + GAP, y, column - GAP)
    end = Math.max(end, pdf.y)
    x += column
  }
  pdf
    .moveTo(MARGIN, end + 5)
    .lineTo(MARGIN + WIDTH, end + 5)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke()
  pdf.y = end + 11
}

const heightOfTotals = ({ totals }: Paper): number => totals.length * 18 + 20

function drawTotals(pdf: Pdf, paper: Paper): void {
  const { totals } = paper
  makeRoom(pdf, heightOfTotals(paper))
  const x = MARGIN + WIDTH / 2
  pdf.y += 4
  for (const [index, total] of totals.entries()) drawTotal(pdf, x, total, index === totals.length - 1)
}

function drawTotal(pdf: Pdf, x: number, { label, value }: PaperFact, isLast: boolean): void {
  const size = isLast ? 12 : 9.5
  const style = isLast ? 'bold' : 'regular'
  const y = pdf.y + (isLast ? 5 : 0)
  write(pdf, style, size, INK).text(label, x, y, { width: WIDTH / 2 - 118 })
  const end = pdf.y
  writeFigure(pdf, style, size, value, x + WIDTH / 2 - 118, y, 118)
  pdf.y = Math.max(end, pdf.y) + 4
}

function drawNotes(pdf: Pdf, { notes }: Paper): void {
  pdf.y += 18
  for (const { heading, text } of notes) {
    const height = write(pdf, 'regular', 9, INK).heightOfString(text, { width: WIDTH })
    makeRoom(pdf, Math.min(height, BOTTOM - MARGIN - 40) + 26)
    if (heading) write(pdf, 'bold', 9, INK).text(heading, MARGIN, pdf.y, { width: WIDTH })
    for (const line of text.split('\n')) {
      makeRoom(pdf, 14)
      write(pdf, 'regular', 9, INK).text(line, MARGIN, pdf.y + 2, { width: WIDTH, ...FIGURES })
    }
    pdf.y += 12
  }
}

function drawFooters(pdf: Pdf, { footer, title, pageOf }: Paper): void {
  const { count } = pdf.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page)
    const y = PAGE.height - 64
    pdf
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + WIDTH, y)
      .lineWidth(0.5)
      .strokeColor(RULE)
      .stroke()
    const options = { width: WIDTH - 150, height: 40, ellipsis: true }
    write(pdf, 'regular', 7.5, QUIET).text(footer, MARGIN, y + 8, options)
    const right = { width: 140, align: 'right' as const, lineBreak: false }
    const place = page === 0 ? pageOf(1, count) : `${title} · ${pageOf(page + 1, count)}`
    pdf.text(place, MARGIN + WIDTH - 140, y + 8, right)
  }
}
