import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { SendFailure } from '../platform/outbound/post.ts'
import type { AskService } from './ask-service.ts'
import type { WebhookConnector } from './schema.ts'

export interface TestAnswer {
  readonly isAnswered: boolean
  /** Of its answer; null where none came. */
  readonly status: number | null
  readonly message: string
  readonly tookMs: number
}

/** Asks a service `connector.test`, signed as everything it is asked, and says what came back. It changes nothing. */
export async function testConnector(
  { ask, clock }: { readonly ask: AskService; readonly clock: Clock },
  connector: WebhookConnector,
): Promise<TestAnswer> {
  const startedAt = performance.now()
  const tookMs = (): number => Math.round(performance.now() - startedAt)
  const body = { type: 'connector.test', timestamp: clock.now().toISOString(), data: { connector: connector.name } }
  try {
    const { status } = await ask(connector, { id: `test_${newId()}`, body })
    return { isAnswered: status >= 200 && status < 300, status, message: meaningOf(status), tookMs: tookMs() }
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error
    return { isAnswered: false, status: null, message: error.message, tookMs: tookMs() }
  }
}

function meaningOf(status: number): string {
  if (status >= 200 && status < 300) return 'It answered.'
  if (status === 401 || status === 403) return `It answered ${status}: does it know the signing secret?`
  return `It answered ${status}; 2xx is wanted.`
}
