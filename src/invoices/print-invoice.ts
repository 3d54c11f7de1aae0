import { effectiveBrand, findLogo } from '../branding/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { drawPaper } from '../platform/paper/draw-paper.ts'
import type { PaperLook } from '../platform/paper/schema.ts'
import { tenantOf } from '../tenants/index.ts'
import type { InvoiceView } from './invoice-shape.ts'
import { paperOf } from './paper.ts'

/** Where a brand has no colour of its own. */
const COLOUR = '#2454c6'

/** The seller's look of today: a document says the same in a new one. */
export async function lookOf(db: Db, sellerId: SellerId): Promise<PaperLook> {
  const brand = await effectiveBrand(db, tenantOf(sellerId))
  const logo = brand.tenantId && (await findLogo(db, brand.tenantId))
  return {
    name: brand.serviceName,
    colour: /^#[0-9a-f]{6}$/i.test(brand.color ?? '') && brand.color ? brand.color : COLOUR,
    logo: logo && logo.type === 'image/png' ? logo.bytes : undefined,
  }
}

export const printInvoice = async (db: Db, sellerId: SellerId, invoice: InvoiceView): Promise<Buffer> =>
  drawPaper(paperOf(invoice, await lookOf(db, sellerId)))

/** A series may hold what file names may not. */
export const fileName = (number: string): string => `${number.replaceAll(/[^A-Za-z0-9.-]/g, '-')}.pdf`
