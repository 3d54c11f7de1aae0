import type { Generated } from 'kysely'
import { z } from 'zod'
import type { EffectiveBrand } from '../branding/schema.ts'
import type { SellerId, StoreId } from '../kernel/ids.ts'

export const StoreStatus = z.enum(['active', 'inactive', 'maintenance'])
export type StoreStatus = z.infer<typeof StoreStatus>

/** A seller's shop as one of its hosts sees it: all that dispatcher, pages, sign-in and mails need, held in memory. */
export interface StoreEntry {
  readonly storeId: StoreId
  readonly name: string
  readonly sellerId: SellerId
  readonly sellerName: string
  readonly sellerPath: string
  /** `inactive` also while the seller or someone above it is disabled. */
  readonly status: StoreStatus
  /** Origin of the canonical domain: what links in mails and pages start with. */
  readonly origin: string
  /** The host asked for, lower case, without port. */
  readonly host: string
  /** Every host of the store and its origin; the canonical one first. */
  readonly domains: readonly { readonly host: string; readonly origin: string }[]
  readonly externalApplicationUrl: string | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly defaultLanguage: string
  readonly bankDetails: string
  readonly currency: string | null
  /** Published ones. */
  readonly pages: readonly StorePage[]
  readonly brand: EffectiveBrand
}

/** An information page of a store: terms, contact, delivery. */
export interface StorePage {
  readonly slug: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly published: boolean
}

declare module '../platform/db.ts' {
  interface Database {
    stores: {
      id: StoreId
      seller_id: SellerId
      name: string
      status: StoreStatus
      external_application_url: string | null
      terms_url: string | null
      privacy_url: string | null
      default_language: Generated<string>
      bank_details: Generated<string>
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    store_pages: {
      store_id: StoreId
      slug: string
      seller_id: SellerId
      title: string
      body: string
      published: boolean
      position: number
      version: Generated<bigint>
      updated_at: Date
    }
    domains: {
      host: string
      store_id: StoreId
      seller_id: SellerId
      origin: string
      canonical: boolean
      created_at: Date
    }
  }
}
