import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { SentFile } from '../platform/http/file.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { wireOf } from '../platform/http/wire.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { sellerOf } from '../tenants/rules.ts'
import { exportInvoices, invoicesAsCsv } from './export-invoices.ts'
import {
  InvoiceFilter,
  InvoiceKey,
  InvoiceList,
  InvoiceQuery,
  InvoiceView,
  SettingsInput,
  SettingsView,
} from './invoice-shape.ts'
import { findInvoiceView, listInvoices } from './invoice-view.ts'
import { printProForma } from './print-pro-forma.ts'
import { fileName, printInvoice } from './print-invoice.ts'
import { changeSettings } from './save-settings.ts'
import { BLANK_SETTINGS, findSettings } from './store.ts'

const SellerKey = z.object({ sellerId: idOf<TenantId>().optional() })

/** The seller asked for: the caller's own, or one below it. @throws {BuylinkError} `not_found`. */
async function sellerFor(db: Db, actor: Principal, asked: TenantId | undefined): Promise<SellerId> {
  const tenant = await getTenant(db, actor, asked ?? tenantOf(actor.sellerId))
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return sellerOf(tenant.id)
}

const line = wireOf(InvoiceView)

async function* invoicesAsLines(batches: AsyncIterable<readonly InvoiceView[]>): AsyncGenerator<string> {
  for await (const invoices of batches)
    yield invoices.map((invoice) => `${JSON.stringify(line.write(invoice))}\n`).join('')
}

export const invoiceRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/invoices',
    scope: 'invoices:read',
    summary: 'List invoices and credit notes, newest first',
    description:
      'An invoice states what became income: an order once it is paid, a month of usage once it is charged. A credit note states what was given back. Each is written once and stays as it was issued; only what is paid of it changes.',
    input: InvoiceQuery,
    output: InvoiceList,
    handle: ({ db, actor, clock }, query) => listInvoices(db, actor, query, clock.now()),
  }),
  route({
    method: 'GET',
    path: '/api/v1/invoices.csv',
    scope: 'invoices:read',
    summary: 'Export invoices and credit notes for a spreadsheet',
    description: 'A row a document, oldest first, all that the filters let through; credit notes are negative.',
    input: InvoiceFilter,
    output: SentFile,
    sends: 'text/csv',
    handle: async ({ db, actor, clock, reply }, filter) => {
      reply.header('content-disposition', 'attachment; filename="invoices.csv"')
      return { text: invoicesAsCsv(exportInvoices(db, actor, filter, clock.now())) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/invoices.jsonl',
    scope: 'invoices:read',
    summary: 'Export invoices and credit notes with their lines, one JSON object a line',
    description: 'Each as the API shows it, oldest first, all that the filters let through.',
    input: InvoiceFilter,
    output: SentFile,
    sends: 'application/x-ndjson',
    handle: async ({ db, actor, clock, reply }, filter) => {
      reply.header('content-disposition', 'attachment; filename="invoices.jsonl"')
      const batches = exportInvoices(db, actor, filter, clock.now())
      return { text: invoicesAsLines(batches) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/invoices/:invoiceId',
    scope: 'invoices:read',
    summary: 'Read an invoice or a credit note',
    input: InvoiceKey,
    output: InvoiceView,
    handle: async ({ db, actor, clock }, { invoiceId }) => {
      const invoice = await findInvoiceView(db, actor, invoiceId, clock.now())
      if (!invoice) throw new BuylinkError('not_found', 'There is no such invoice.')
      return invoice
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/invoices/:invoiceId/pdf',
    scope: 'invoices:read',
    summary: 'Read an invoice or a credit note as PDF',
    input: InvoiceKey,
    output: SentFile,
    sends: 'application/pdf',
    handle: async ({ db, actor, clock, reply }, { invoiceId }) => {
      const invoice = await findInvoiceView(db, actor, invoiceId, clock.now())
      if (!invoice) throw new BuylinkError('not_found', 'There is no such invoice.')
      reply.header('content-disposition', `inline; filename="${fileName(invoice.number)}"`)
      return { bytes: await printInvoice(db, invoice.sellerId, invoice) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/payments/:paymentId/pro-forma',
    scope: 'payments:read',
    summary: 'Read what a payment asks for as PDF: what, how much, where to and under which reference',
    description: 'While it waits. It is no invoice: that is issued once the payment has arrived.',
    input: z.object({ paymentId: idOf<PaymentId>() }),
    output: SentFile,
    sends: 'application/pdf',
    handle: async ({ db, actor, clock, reply }, { paymentId }) => {
      const { number, bytes } = await printProForma(db, actor, paymentId, clock.now())
      reply.header('content-disposition', `inline; filename="${fileName(number)}"`)
      return { bytes }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/invoice-settings',
    scope: 'invoices:read',
    summary: 'Read what a reseller’s invoices say and how they are numbered',
    input: SellerKey,
    output: SettingsView,
    handle: async ({ db, actor }, { sellerId: asked }) => {
      const sellerId = await sellerFor(db, actor, asked)
      const settings = await findSettings(db, sellerId)
      return settings ? { ...settings, sellerId } : { ...BLANK_SETTINGS, sellerId, version: null }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/invoice-settings',
    scope: 'invoices:write',
    summary: 'Set what a reseller’s invoices will say and how they are numbered',
    description: 'Documents that are issued stay as they are.',
    input: SettingsInput.extend({ sellerId: idOf<TenantId>().optional() }),
    output: SettingsView,
    handle: async ({ db, clock, actor, request }, { sellerId: asked, ...settings }) => {
      const sellerId = await sellerFor(db, actor, asked)
      await changeSettings(db, clock, actor, sellerId, settings, request.ifMatch)
      const saved = await findSettings(db, sellerId)
      return { ...settings, sellerId, version: saved?.version ?? null }
    },
  }),
]
