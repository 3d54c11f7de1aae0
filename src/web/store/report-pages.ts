import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { toCsv } from '../../kernel/csv.ts'
import { toWire } from '../../kernel/money.ts'
import { addDays, type Clock, DAY_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { addressKey, createRateLimiter, perMinute } from '../../platform/http/rate-limit.ts'
import { type Figures, findReport, type PartnerReport } from '../../referrals/index.ts'
import type { StoreDirectory } from '../../stores/index.ts'
import type { BuiltPages } from '../built-pages.ts'
import type { FigureSums } from '../design/figures.tsx'
import { pagePropsOf } from './props-of.ts'

export interface ReportPagesDeps {
  readonly db: Db
  readonly clock: Clock
  readonly stores: StoreDirectory
  readonly built: BuiltPages
  readonly demonstration: boolean
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => unknown
}

const CHOICES = [30, 90, 365] as const
/** Nobody guesses 256 bits; this keeps whoever tries from making work. */
const RATE = perMinute('referral-report', 60)

const PRIVATE = {
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
}

/**
 * The private page of a referral partner: figures behind an address that nobody can guess, kept out of search engines,
 * caches and the referrers of whoever is visited from it.
 */
export function createReportPages(deps: ReportPagesDeps): FastifyPluginAsync {
  const { db, clock, stores, built } = deps
  const limiter = createRateLimiter()

  async function find(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply) {
    reply.headers({ ...PRIVATE, ...limiter.take(RATE, addressKey(request.ip)) })
    const wish = Number(new URLSearchParams(request.url.split('?')[1]).get('days'))
    const days = CHOICES.find((choice) => choice === wish) ?? CHOICES[0]
    const until = new Date(clock.now().getTime() - (clock.now().getTime() % DAY_MS))
    const range = { from: addDays(until, 1 - days), until }
    return { days, report: await findReport(db, request.params.token, range) }
  }

  return async (app) => {
    app.get<{ Params: { token: string } }>('/referral-report/:token', async (request, reply) => {
      const { days, report } = await find(request, reply)
      if (!report) return deps.notFound(request, reply)
      const [store] = stores.listOf(report.sellerId)
      const page = pagePropsOf(store, {
        language: 'en',
        css: built.assets.css,
        demonstration: deps.demonstration,
      })
      const html = built.renderer.renderReport({
        ...page,
        partner: report.name,
        key: report.key,
        program: report.program,
        percent: percentText(report.basisPoints),
        appliesTo: report.appliesTo,
        report: {
          by: report.by,
          total: wireSums(report.total),
          steps: report.steps.map((step) => ({ start: step.start, ...wireSums(step) })),
        },
        days,
        choices: CHOICES,
        path: `/referral-report/${request.params.token}`,
        link: store && report.key !== null ? `${store.origin}/?manager_key=${report.key}` : null,
      })
      return reply.type('text/html; charset=utf-8').send(html)
    })
    app.get<{ Params: { token: string } }>('/referral-report/:token/report.csv', async (request, reply) => {
      const { report } = await find(request, reply)
      if (!report) return deps.notFound(request, reply)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="referrals.csv"')
        .send(csvOf(report))
    })
  }
}

const percentText = (basisPoints: number): string => String(basisPoints / 100)

const wireSums = (figures: Figures): FigureSums => ({
  visits: figures.visits,
  accounts: figures.accounts,
  orders: figures.orders,
  paidOrders: figures.paidOrders,
  amounts: figures.amounts.map(({ currency, paidMinor, netMinor, rewardMinor }) => ({
    paid: toWire({ amountMinor: paidMinor, currency }),
    paidNet: toWire({ amountMinor: netMinor, currency }),
    reward: toWire({ amountMinor: rewardMinor, currency }),
  })),
})

/** A row a step and currency; a step without money has one all the same. */
function csvOf({ by, steps }: PartnerReport): string {
  const head = [by, 'visits', 'accounts', 'orders', 'paid_orders', 'currency', 'paid', 'paid_net', 'reward']
  const rows = steps.flatMap((step) => {
    const { start, visits, accounts, orders, paidOrders, amounts } = { start: step.start, ...wireSums(step) }
    const counts = [start, visits, accounts, orders, paidOrders]
    if (amounts.length === 0) return [[...counts, '', '', '', '']]
    return amounts.map(({ paid, paidNet, reward }, index) => [
      ...(index === 0 ? counts : [start, 0, 0, 0, 0]),
      paid.currency,
      paid.amount,
      paidNet.amount,
      reward.amount,
    ])
  })
  return toCsv([head, ...rows])
}
