import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

export interface ReadPdf {
  readonly title: string
  /** The text of each page, a line each. */
  readonly pages: readonly string[]
}

/** Reads a PDF as a program that shows or searches it does: with an independent library. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 })
  const document = await task.promise
  const pages: string[] = []
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent()
    pages.push(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : ' ') : '')).join(''))
  }
  const { info } = await document.getMetadata()
  await task.destroy()
  return { title: 'Title' in info ? String(info.Title) : '', pages }
}
