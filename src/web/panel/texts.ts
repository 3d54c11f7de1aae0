import type { Catalogue } from '../messages/catalogue.ts'
import { panel } from '../messages/en/panel.ts'
import { common } from '../messages/en/common.ts'
import { chooseLanguage, chooseLocale, createText, type Language } from '../messages/text.ts'
import type { PageText } from '../messages/use-text.ts'
import type { Session } from './session-types.ts'

/** What is loaded so far: each area adds its own catalogues when it is first visited. */
const loaded: Record<Language, Catalogue[]> = { en: [common, panel] }

/** Adds catalogues of an area; called once, where the area is loaded. */
export function addMessages(language: Language, ...catalogues: readonly Catalogue[]): void {
  loaded[language].push(...catalogues)
}

const made = new Map<string, PageText>()

/** A link's `lang` holds for the rest of the visit. */
function wishOfLink(): string | null {
  const wish = new URLSearchParams(location.search).get('lang')
  try {
    if (wish) sessionStorage.setItem('lang', wish)
    return wish ?? sessionStorage.getItem('lang')
  } catch {
    return wish
  }
}

/** The reader's texts: link `lang`, account, browser, store default. */
export function textFor(session: Session | null): PageText {
  const language = chooseLanguage([
    wishOfLink(),
    session?.user?.language,
    ...navigator.languages,
    session?.store?.defaultLanguage,
  ])
  const locale = chooseLocale(language, navigator.languages)
  let text = made.get(locale)
  if (!text) {
    text = createText(locale, loaded[language])
    made.set(locale, text)
  }
  return text
}
