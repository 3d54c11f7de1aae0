import type { StoreDirectory } from '../stores/index.ts'
import type { IsOwnUpgrade } from './facts-view.ts'

/** A Buy URL at `/upgrade` of one of our stores, or of the public address. */
export const createIsOwnUpgrade =
  (stores: Pick<StoreDirectory, 'resolve'>, publicUrl: string): IsOwnUpgrade =>
  (text) => {
    const url = URL.parse(text)
    return (
      url?.pathname === '/upgrade' &&
      (url.origin === new URL(publicUrl).origin || stores.resolve(url.host) !== undefined)
    )
  }
