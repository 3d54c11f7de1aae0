import type { Explanation } from './buy-links.ts'
import type { ConfigurationPlan } from './configuration.ts'
import { type HttpOptions, type HttpRequest, send } from './http.ts'
import type { LedgerVerification } from './ledger.ts'
import { type Credentials, tokenSource } from './token.ts'
import type { UpsellExplanation } from './upsell.ts'

export interface ClientOptions extends HttpOptions {
  /** Needed for everything that is not public. */
  readonly credentials?: Credentials | undefined
}

/** A client of one Buylink server. Every call throws `ApiError` or `UnreachableError`. */
export interface Client {
  readonly buyLinks: {
    /** Says what a buy-link will do, what it costs today and what is wrong with it. Public. */
    explain(url: string): Promise<Explanation>
  }
  readonly configuration: {
    /** A reseller as one YAML file; by default the client's own. */
    export(sellerId?: string): Promise<{ readonly file: string }>
    /** Applies a file, or says what it would change: all of it or nothing. */
    apply(input: {
      readonly file: string
      readonly dryRun?: boolean
      readonly expected?: string
    }): Promise<ConfigurationPlan>
  }
  readonly ledger: {
    /** Adds up the books and reports what does not fit. */
    verification(): Promise<LedgerVerification>
  }
  readonly upsell: {
    /** Says why a user sees what they see, in each place, with the link. @param page The page of the click. */
    explain(userId: string, page?: string): Promise<UpsellExplanation>
  }
}

/** Makes a client; nothing is sent before the first call. */
export function createClient(options: ClientOptions): Client {
  const token = options.credentials && tokenSource(options, options.credentials)
  // The answer's type is the server's word: its OpenAPI is generated from the schemas that check what it sends.
  const call = async <Answer>(request: HttpRequest): Promise<Answer> => {
    const headers = token ? { authorization: `Bearer ${await token()}` } : undefined
    return (await send(options, { ...request, headers })) as Answer
  }
  return {
    buyLinks: { explain: (url) => call({ method: 'POST', path: '/api/v1/buy-links/explain', body: { url } }) },
    configuration: {
      export: (sellerId) =>
        call({
          method: 'GET',
          path: `/api/v1/configuration${sellerId === undefined ? '' : `?seller_id=${encodeURIComponent(sellerId)}`}`,
        }),
      apply: ({ file, dryRun = false, expected }) =>
        call({
          method: 'POST',
          path: '/api/v1/configuration/applications',
          body: { file, dry_run: dryRun, ...(expected !== undefined && { expected }) },
        }),
    },
    ledger: { verification: () => call({ method: 'GET', path: '/api/v1/ledger/verification' }) },
    upsell: {
      explain: (userId, page) =>
        call({
          method: 'GET',
          path: `/api/v1/upsell-explanations/${encodeURIComponent(userId)}${page === undefined ? '' : `?redirect_url=${encodeURIComponent(page)}`}`,
        }),
    },
  }
}
