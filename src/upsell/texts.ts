import type { QuotaState } from '../quotas/schema.ts'

/** The alerts as the documents word them (spec/upsell.md "The five alerts, six texts"), and what stands around them. */
interface UpsellTexts {
  readonly exceeded: Readonly<Record<string, string>>
  readonly otherExceeded: (title: string) => string
  readonly soon: Readonly<Record<string, string>>
  readonly otherSoon: (title: string) => string
  readonly names: Readonly<Record<string, string>>
  readonly buyNow: string
  readonly contactSales: string
  readonly editions: Readonly<Record<string, string>>
  readonly higherEdition: (title: string) => string
  readonly mail: {
    readonly preview: (used: string, of: string) => string
    readonly paragraph: (customer: string) => string
    readonly personal: string
    readonly buy: string
    readonly contact: string
    readonly used: string
    readonly quota: string
    readonly hardLimit: string
    readonly person: string
    readonly email: string
    readonly phone: string
    readonly linkHint: string
    readonly reason: (service: string) => string
    readonly stop: string
    readonly pool: (tenant: string) => string
    readonly poolButton: string
    readonly poolReason: (service: string) => string
  }
}

const en: UpsellTexts = {
  exceeded: {
    storage: 'Storage quota has been exceeded',
    workstations: 'Physical machine quota has been exceeded',
    servers: 'Physical servers quota has been exceeded',
    vms: 'Virtual machines quota has been exceeded',
    mobiles: 'Mobile Devices quota has been exceeded',
  },
  otherExceeded: (title) => `${title} quota has been exceeded`,
  soon: { storage: 'Storage quota will be exceeded soon' },
  otherSoon: (title) => `${title} quota will be exceeded soon`,
  names: {
    storage: 'Storage',
    workstations: 'Workstations',
    servers: 'Servers',
    vms: 'Virtual machines',
    mobiles: 'Mobile devices',
  },
  buyNow: 'Buy now',
  contactSales: 'Contact your sales representative',
  editions: {
    advanced: 'Advanced',
    disaster_recovery: 'Disaster Recovery',
    cyber_protect_adv: 'Cyber Protect Advanced',
    cyber_protect_dre: 'Cyber Protect Disaster Recovery',
  },
  higherEdition: (title) => `${title} is the next higher edition. It has all that you have now, and more.`,
  mail: {
    preview: (used, of) => `${used} of ${of} are in use.`,
    paragraph: (customer) => `This is about the quota of ${customer}.`,
    personal: 'This is about your own quota.',
    buy: 'More can be bought at once. The link always shows how things stand on the day you open it.',
    contact: 'Contact your sales representative to get more.',
    used: 'In use',
    quota: 'Quota',
    hardLimit: 'Hard limit',
    person: 'Sales representative',
    email: 'E-mail',
    phone: 'Phone',
    linkHint: 'If the button does not work, open this address:',
    reason: (service) =>
      `You get this mail from ${service} because you are a buyer and quota notifications are on for you.`,
    stop: 'Stop quota mails',
    pool: (tenant) => `This is about what ${tenant} and all below it use together. Their own quotas stay as they are.`,
    poolButton: 'See usage and quotas',
    poolReason: (service) =>
      `You get this mail from ${service} because you are an administrator and quota notifications are on for you.`,
  },
}

const CATALOGUE: Readonly<Record<string, UpsellTexts>> = { en }

/** Texts in someone's language, as far as we have it. */
export const textsFor = (language: string): UpsellTexts => CATALOGUE[language.split('-')[0] ?? ''] ?? en

/** How a usage is called; a provider's own by the title it gave, else by its name. */
export const usageTitle = (texts: UpsellTexts, usageName: string, title?: string | null): string =>
  texts.names[usageName] ?? title ?? usageName.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

/** How an edition is called. */
export const editionTitle = (texts: UpsellTexts, edition: string): string =>
  texts.editions[edition] ?? edition.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

/** The alert's own words. */
export function alertTitle(texts: UpsellTexts, usageName: string, state: QuotaState, own?: string | null): string {
  const title = usageTitle(texts, usageName, own)
  return state === 'almost_reached'
    ? (texts.soon[usageName] ?? texts.otherSoon(title))
    : (texts.exceeded[usageName] ?? texts.otherExceeded(title))
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB']

/** `430 GB`, `12`: binary multiples, at most one digit after the point. */
export function amountText(language: string, unit: 'bytes' | 'quantity', amount: bigint): string {
  let scaled = Number(amount)
  let at = 0
  while (unit === 'bytes' && scaled >= 1024 && at < UNITS.length - 1) {
    scaled /= 1024
    at++
  }
  const text = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(scaled)
  return unit === 'bytes' ? `${text} ${UNITS[at]}` : text
}
