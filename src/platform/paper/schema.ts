/** A row of the table: what, how much of it, and what it comes to. Texts, as they are to be read. */
export interface PaperLine {
  readonly description: string
  /** Smaller, under it. */
  readonly note: string
  readonly quantity: string
  readonly unitPrice: string
  readonly tax: string
  readonly amount: string
}

export interface PaperFact {
  readonly label: string
  readonly value: string
}

export interface PaperLook {
  readonly name: string
  /** `#rrggbb`. */
  readonly colour: string
  /** PNG. */
  readonly logo: Buffer | undefined
}

/** A business document of one language, as it is printed: an invoice, a credit note, a pro forma, a statement. */
export interface Paper {
  /** BCP 47. */
  readonly language: string
  /** "Invoice IN000042", also the title of the file. */
  readonly title: string
  /** When it was made: the same document gives the same bytes. */
  readonly at: Date
  readonly look: PaperLook
  readonly from: { readonly label: string; readonly lines: readonly string[] }
  readonly to: { readonly label: string; readonly lines: readonly string[] }
  readonly facts: readonly PaperFact[]
  /** Heads of the table, in the order of `PaperLine`. */
  readonly columns: readonly [string, string, string, string, string]
  readonly lines: readonly PaperLine[]
  /** The last one is what counts. */
  readonly totals: readonly PaperFact[]
  readonly notes: readonly { readonly heading: string; readonly text: string }[]
  readonly footer: string
  /** "Page 1 of 3" of the page and how many there are. */
  readonly pageOf: (page: number, pages: number) => string
}
