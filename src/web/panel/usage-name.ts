import type { MessageKey } from '../messages/catalogue.ts'
import { records } from '../messages/en/records.ts'
import type { PageText } from '../messages/use-text.ts'

/** What a usage is called; one that a provider defined goes by its own name. */
export function usageLabel({ t }: Pick<PageText, 't'>, usageName: string): string {
  const key = `usage.${usageName}`
  return key in records ? t(key as MessageKey) : usageName
}
