import type { Clock } from '../kernel/time.ts'
import type { MakeAttachment } from '../platform/mail/mail-sender.ts'
import { getIssued } from './invoice-view.ts'
import { fileName, printInvoice } from './print-invoice.ts'

/** The documents that mails carry, printed when the mail is sent. */
export const createAttachments =
  (clock: Clock): MakeAttachment =>
  async (db, sellerId, { id }) => {
    const invoice = await getIssued(db, sellerId, id, clock.now())
    if (!invoice) return undefined
    const content = await printInvoice(db, sellerId, invoice)
    return { filename: fileName(invoice.number), content, contentType: 'application/pdf' }
  }
