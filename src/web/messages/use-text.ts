import { createContext, useContext } from 'react'
import type { MessageKey } from './catalogue.ts'
import type { Text } from './text.ts'

export type PageText = Text<MessageKey>

const TextContext = createContext<PageText | null>(null)
export const TextProvider = TextContext.Provider

/** The reader's texts. */
export function useText(): PageText {
  const text = useContext(TextContext)
  if (!text) throw new Error('useText outside TextProvider')
  return text
}
