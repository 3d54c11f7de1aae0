import { readFileSync } from 'node:fs'

/**
 * The demonstration store of spec/api.md as a configuration file: also the fixture of the documentation's examples and
 * of the tests.
 *
 * @param publicUrl Origin of the installation, in place of the file's own.
 */
export const northwindFile = (publicUrl: string): string =>
  readFileSync(new URL('northwind.yaml', import.meta.url), 'utf8').replaceAll('http://localhost:8080', publicUrl)

const GB = 1_073_741_824n

export const CUSTOMER = 'Contoso Dental'
export const DOCUMENTS_HOST = 'test.activeplatform.com'
export const MANAGER_KEY = 'carter81'
/** Of every demonstration sign-in: nothing outside this machine can reach them. */
export const PASSWORD = 'demonstration'

export const SIGN_INS = {
  operator: 'operator@buylink.example',
  reseller: 'anna@northwind.example',
  sales: 'carter@northwind.example',
  /** Administrator and buyer. */
  customer: 'dana@contoso.example',
  /** Buyer, no administrator. */
  buyer: 'ben@contoso.example',
  /** Administrator, no buyer. */
  administrator: 'alex@contoso.example',
} as const

/** What Contoso uses at the end of its 60 days of history: storage almost reached, workstations exceeded. */
export const USAGE: Readonly<Record<string, bigint>> = {
  storage: 430n * GB,
  workstations: 12n,
  servers: 1n,
  vms: 1n,
  mobiles: 0n,
}
