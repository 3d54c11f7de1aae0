import { type LoaderFunctionArgs, redirect, replace, useLoaderData } from 'react-router'
import { ApiError, call, randomKey } from '../api.ts'
import { loadSession, pathOf } from '../session.ts'
import { FocusFrame } from '../focus-frame.tsx'
import type { Checkout, LinkIssue } from '../types.ts'
import { explainLink } from './explain.ts'
import { LinkProblems } from './link-problems.tsx'

interface Refused {
  readonly problems: readonly LinkIssue[]
  readonly product: { readonly name: string; readonly slug?: string } | null
}

/**
 * Where a buy-link arrives, its query untouched. Signed in: makes the checkout and goes on to it, in the place of
 * this page, so that the back key leads to where the visitor came from. Else: first the way in, then back here.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<Refused | Response> {
  const session = await loadSession()
  const path = pathOf(request)
  const search = path.includes('?') ? path.slice(path.indexOf('?')) : ''
  if (!session.user) return redirect(`/client/register?return_to=${encodeURIComponent(path)}`)
  try {
    const checkout = await call<Checkout>('/checkouts', {
      method: 'POST',
      body: { link: search },
      idempotencyKey: randomKey(),
    })
    return replace(`/client/checkouts/${checkout.id}/${firstStep(checkout)}`)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'link_invalid') throw error
    const explained = await explainLink(search, session)
    const problems = explained && explained.errors.length > 0 ? explained.errors : error.problems
    if (problems.length === 0) throw error
    return { problems, product: explained?.product ?? null }
  }
}

/** Configuration where it is one of the steps, else straight to what is still missing. */
function firstStep(checkout: Checkout): string {
  if (checkout.steps.includes('configure')) return 'configure'
  return checkout.registrationComplete ? 'confirm' : 'registration'
}

export function Component() {
  const { problems, product } = useLoaderData() as Refused
  return (
    <FocusFrame home="/">
      <div className="reading">
        <LinkProblems problems={problems} product={product} />
      </div>
    </FocusFrame>
  )
}
