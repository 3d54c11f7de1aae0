import { z } from 'zod'
import { getManagerView } from '../attribution/index.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import { withCsv } from '../platform/http/csv.ts'
import { searchInput, sortInput } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, Instant, idOf, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { tenantOf } from '../tenants/index.ts'
import { FIGURES_LISTING, type Figures, figuresOf, listFigures } from './figures-view.ts'
import { getPartner, getProgram, listPartners, listPrograms, PARTNER_LISTING, PROGRAM_LISTING } from './program-view.ts'
import { rangeOf, stepFor } from './rules.ts'
import { changePartner, createPartner, linkReport, revokeReport } from './save-partner.ts'
import { changeProgram, createProgram } from './save-program.ts'
import { AppliesTo, PartnerView, Percent, ProgramView } from './schema.ts'

const TAG = 'Referrals'
const text = (most: number) => z.string().trim().max(most)
const Flag = z.enum(['true', 'false']).transform((word) => word === 'true')
const ProgramKey = z.object({ programId: Uuid })
const PartnerKey = z.object({ partnerId: Uuid })

const programFields = {
  name: text(200).optional(),
  percent: Percent.optional().meta({ description: 'Of what is paid, tax left out', examples: ['10'] }),
  appliesTo: AppliesTo.optional(),
  validFrom: Instant.optional(),
  validUntil: Instant.nullable().optional(),
}

const terms = {
  programId: Uuid.optional(),
  percent: Percent.nullable().optional().meta({ description: 'null: the programme’s' }),
  appliesTo: AppliesTo.nullable().optional(),
}

const Day = z.iso.date().transform((day) => new Date(`${day}T00:00:00Z`))
const range = {
  from: Day.optional().meta({ description: 'A UTC day; 29 days before `until` by default' }),
  until: Day.optional().meta({ description: 'The last day; today by default' }),
}

const Amounts = z.array(z.object({ paid: Amount, paidNet: Amount, reward: Amount })).meta({
  description: 'One entry a currency: what was paid for credited orders with tax and without, and the reward of it',
})
const counts = { visits: z.int(), accounts: z.int(), orders: z.int() }
const FiguresView = z.object({ ...counts, paidOrders: z.int(), amounts: Amounts })
const Credited = z.object({ id: Uuid, name: z.string(), key: z.string().nullable(), isPartner: z.boolean() })
const By = z.enum(['day', 'week', 'month'])
const StepView = FiguresView.extend({ start: z.string().meta({ description: 'Its first UTC day' }) })

const amountsOf = ({ amounts }: Pick<Figures, 'amounts'>) =>
  amounts.map(({ currency, paidMinor, netMinor, rewardMinor }) => ({
    paid: { amountMinor: paidMinor, currency },
    paidNet: { amountMinor: netMinor, currency },
    reward: { amountMinor: rewardMinor, currency },
  }))

export interface ReferralRouteDeps {
  /** Where links to reports of a seller's partners start. */
  readonly originOf: (sellerId: SellerId) => string
}

export const referralRoutes = ({ originOf }: ReferralRouteDeps): AnyRoute[] => [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/referral-programs',
      scope: 'referrals:read',
      tag: TAG,
      summary: 'List referral programmes',
      input: z.object({ ...pageInput, ...sortInput(PROGRAM_LISTING) }),
      output: pageOf(ProgramView),
      handle: ({ db, actor }, wish) => listPrograms(db, actor, wish),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/referral-programs',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Open a referral programme',
    input: z.object({
      ...programFields,
      sellerId: idOf<TenantId>().optional().meta({ description: 'By default the caller’s own reseller' }),
    }),
    output: ProgramView,
    status: 201,
    async handle({ db, clock, actor }, { percent, sellerId, ...input }) {
      const program = { ...input, basisPoints: percent, sellerId: sellerId ?? tenantOf(actor.sellerId) }
      return getProgram(db, actor, await createProgram(db, clock, actor, program))
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/referral-programs/:programId',
    scope: 'referrals:read',
    tag: TAG,
    summary: 'Read one programme',
    input: ProgramKey,
    output: ProgramView,
    handle: ({ db, actor }, { programId }) => getProgram(db, actor, programId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/referral-programs/:programId',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Change a programme',
    description: 'Orders that are paid already keep the terms they were paid under.',
    input: ProgramKey.extend(programFields),
    output: ProgramView,
    async handle({ db, clock, actor, request }, { programId, percent, ...change }) {
      await changeProgram(db, clock, actor, {
        ...change,
        basisPoints: percent,
        id: programId,
        ifMatch: request.ifMatch,
      })
      return getProgram(db, actor, programId)
    },
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/referral-partners',
      scope: 'referrals:read',
      tag: TAG,
      summary: 'List referral partners and their terms',
      input: z.object({ ...pageInput, ...sortInput(PARTNER_LISTING), programId: Uuid.optional() }),
      output: pageOf(PartnerView),
      handle: ({ db, actor }, wish) => listPartners(db, actor, wish),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/referral-partners',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Take a partner into a programme',
    description: 'Makes a manager with the role sales and the key, without access to the panel and notifications.',
    input: z.object({
      ...terms,
      name: text(200).default(''),
      email: text(254).optional(),
      key: z.string().max(200).nullable().default(null),
      accountId: idOf<TenantId>().nullable().optional(),
    }),
    output: PartnerView,
    status: 201,
    async handle({ db, clock, actor }, { percent, ...input }) {
      return getPartner(db, actor, await createPartner(db, clock, actor, { ...input, basisPoints: percent }))
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/referral-partners/:partnerId',
    scope: 'referrals:read',
    tag: TAG,
    summary: 'Read one partner',
    input: PartnerKey,
    output: PartnerView,
    handle: ({ db, actor }, { partnerId }) => getPartner(db, actor, partnerId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/referral-partners/:partnerId',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Change a partner’s terms',
    description: 'For orders that are not paid yet. Name, key and state are the manager’s.',
    input: PartnerKey.extend(terms),
    output: PartnerView,
    async handle({ db, clock, actor, request }, { partnerId, percent, ...change }) {
      await changePartner(db, clock, actor, {
        ...change,
        basisPoints: percent,
        id: partnerId,
        ifMatch: request.ifMatch,
      })
      return getPartner(db, actor, partnerId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/referral-partners/:partnerId/report-link',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Make the private link to a partner’s report',
    description: 'Told once: keep it, or make another. The link before opens nothing any more.',
    input: PartnerKey,
    output: z.object({ url: z.string() }),
    status: 201,
    async handle({ db, clock, actor }, { partnerId }) {
      const token = await linkReport(db, clock, actor, partnerId)
      const { sellerId } = await getManagerView(db, actor, partnerId)
      return { url: `${originOf(sellerId as SellerId)}/referral-report/${token}` }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/referral-partners/:partnerId/report-link',
    scope: 'referrals:write',
    tag: TAG,
    summary: 'Take the private link back',
    input: PartnerKey,
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { partnerId }) => revokeReport(db, clock, actor, partnerId),
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/manager-figures',
      scope: 'managers:read',
      tag: TAG,
      summary: 'Visits, accounts, orders, paid amounts and rewards by manager',
      description:
        'A sales manager reads their own. Money is what the books hold of credited orders, by the day it was booked or returned; sorted by it, a manager stands where the highest amount of any currency does.',
      input: z.object({
        ...pageInput,
        ...sortInput(FIGURES_LISTING),
        ...searchInput,
        ...range,
        isPartner: Flag.optional(),
      }),
      output: pageOf(FiguresView.extend({ manager: Credited })),
      async handle({ db, clock, actor }, { from, until, ...wish }) {
        const page = await listFigures(db, actor, rangeOf(clock.now(), { from, until }), wish)
        return { ...page, items: page.items.map((row) => ({ ...row, amounts: amountsOf(row) })) }
      },
    }),
    { perEntry: 'amounts' },
  ),
  route({
    method: 'GET',
    path: '/api/v1/managers/:managerId/figures',
    scope: 'managers:read',
    tag: TAG,
    summary: 'The figures of one manager, in all and step by step',
    input: z.object({
      ...range,
      managerId: Uuid,
      by: By.optional().meta({ description: 'By default what gives some dozen rows' }),
    }),
    output: z.object({ manager: Credited, by: By, total: FiguresView, steps: z.array(StepView) }),
    async handle({ db, clock, actor }, { managerId, by, ...wish }) {
      const { id, name, key, isPartner } = await getManagerView(db, actor, managerId)
      const days = rangeOf(clock.now(), wish)
      const step = by ?? stepFor(days)
      const { total, steps } = await figuresOf(db, managerId, days, step)
      return {
        manager: { id, name, key, isPartner },
        by: step,
        total: { ...total, amounts: amountsOf(total) },
        steps: steps.map((figures) => ({ ...figures, amounts: amountsOf(figures) })),
      }
    },
  }),
]
