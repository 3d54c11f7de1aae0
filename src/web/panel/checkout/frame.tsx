import { type LoaderFunctionArgs, Outlet, redirect, useLocation, useRouteLoaderData } from 'react-router'
import { Link } from '../../design/link.tsx'
import { Steps } from '../../design/steps.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { FocusFrame } from '../focus-frame.tsx'
import type { Checkout } from '../types.ts'

const BEFORE_PLACING = /\/(configure|registration|confirm)$/

/** One answer for the frame and the page in it, which ask at the same time. */
let asked: { readonly id: string | undefined; readonly answer: Promise<Checkout> } | undefined
export function readCheckout(id: string | undefined): Promise<Checkout> {
  if (asked && asked.id === id) return asked.answer
  const answer = call<Checkout>(`/checkouts/${id}`).finally(() => (asked = undefined))
  asked = { id, answer }
  return answer
}

/** The checkout of every step. A placed one goes on to its order, however one got here (back key, old tab). */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<Checkout> {
  const checkout = await readCheckout(params['checkoutId'])
  const { pathname } = new URL(request.url)
  if (checkout.status === 'placed' && BEFORE_PLACING.test(pathname))
    throw redirect(`/client/checkouts/${checkout.id}/pay`)
  return checkout
}

export function useCheckout(): Checkout {
  const checkout = useRouteLoaderData('checkout') as Checkout | undefined
  if (!checkout) throw new Error('useCheckout outside a checkout')
  return checkout
}

export function Component() {
  const { t } = useText()
  const checkout = useCheckout()
  const { pathname } = useLocation()
  const step = pathname.split('/').at(-1) ?? ''
  const steps = [
    ...(checkout.steps.includes('configure') ? ['configure'] : []),
    ...(checkout.registrationComplete && step !== 'registration' ? [] : ['registration']),
    'confirm',
    ...(checkout.steps.includes('pay') ? ['pay'] : []),
  ] as const
  const names = {
    configure: t('step.configure'),
    registration: t('step.registration'),
    confirm: t('step.confirm'),
    pay: t('step.pay'),
  }
  const current = step === 'done' ? steps.length : (steps as readonly string[]).indexOf(step)
  return (
    <FocusFrame
      home="/client"
      head={
        <Steps
          label={t('step.label')}
          steps={steps.map((name) => names[name as keyof typeof names])}
          current={current}
        />
      }
    >
      {checkout.status === 'expired' ? <Expired checkout={checkout} /> : <Outlet />}
    </FocusFrame>
  )
}

function Expired({ checkout }: { checkout: Checkout }) {
  const { t } = useText()
  return (
    <Page title={t('checkout.expired_title')} lead={t('checkout.expired')}>
      <div className="cluster">
        <a className="button button-primary" href={`/product/${checkout.product.slug}`}>
          {t('link.to_product', { product: checkout.product.name })}
        </a>
        <Link className="button" to="/client">
          {t('problem.home')}
        </Link>
      </div>
    </Page>
  )
}
