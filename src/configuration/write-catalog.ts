import {
  listOwnCategories,
  listOwnPlans,
  listOwnProducts,
  NEW_PLAN,
  orderPlans,
  type OwnPlan,
  readPlan,
  saveCategory,
  savePlan,
  saveProduct,
} from '../catalog/index.ts'
import type { Duration } from '../catalog/schema.ts'
import { parseAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { sqlState, type Tx } from '../platform/db.ts'
import type { Tenant } from '../tenants/index.ts'
import type { Configuration } from './shape.ts'
import { writeLength } from './shape.ts'
import { refuse, within } from './within.ts'

type ProductInFile = NonNullable<Configuration['products']>[number]
type PlanInFile = NonNullable<ProductInFile['plans']>[number]

/** Categories, products and plans of a file. Those without an id are told by their names. */
export async function writeCatalog(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  { sellerId }: Tenant,
  file: Configuration,
  currency: string,
): Promise<void> {
  const categories = await writeCategories(tx, clock, actor, sellerId, file)
  const placed: { path: string; plan: PlanInFile; planId: string; productId: string }[] = []
  for (const [index, product] of (file.products ?? []).entries()) {
    const path = `products.${index}`
    const productId = await within(path, () => writeProduct(tx, clock, actor, sellerId, product, categories))
    const own = (await listOwnPlans(tx, sellerId)).filter((plan) => plan.productId === productId)
    for (const [place, plan] of (product.plans ?? []).entries()) {
      const planPath = `${path}.plans.${place}`
      const known = own.find(({ id, name }) => (plan.id === undefined ? name === plan.name : id === plan.id))
      const { successorId: _successor, switchablePlanIds: _switch, addonToPlanIds: _addon, status, ...rest } = plan
      // Plans name one another, so all of them are made before any of them says so.
      const lone = { ...rest, ...(status && status !== 'retired' && { status }) }
      const planId =
        known?.id ??
        (await within(planPath, async () => {
          const draft = () => readPlan({ ...lone, productId }, NEW_PLAN, notation(currency))
          return (await unlessTaken(savePlan(tx, clock, actor, { sellerId, planId: plan.id, draft }))).id
        }))
      placed.push({ path: planPath, plan, planId, productId })
    }
  }
  for (const { path, plan, planId, productId } of placed) {
    const draft = (former: OwnPlan | undefined) => readWhole(plan, productId, former, currency)
    await within(path, () => unlessTaken(savePlan(tx, clock, actor, { sellerId, planId, draft, keepsIds: true })))
  }
  // In the order of the file; what stands in the catalogue alone comes after.
  const own = await listOwnPlans(tx, sellerId)
  for (const productId of new Set(placed.map((each) => each.productId))) {
    const named = placed.filter((each) => each.productId === productId).map(({ planId }) => planId)
    const others = own.filter((plan) => plan.productId === productId && !named.includes(plan.id)).map(({ id }) => id)
    await orderPlans(tx, clock, actor, { sellerId, productId, planIds: [...new Set(named), ...others] })
  }
}

async function writeCategories(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  sellerId: string,
  file: Configuration,
): Promise<ReadonlyMap<string, string>> {
  const own = await listOwnCategories(tx, sellerId)
  for (const [position, { id, ...category }] of (file.categories ?? []).entries())
    await within(`categories.${position}`, async () => {
      const known = own.find((each) => (id === undefined ? each.name === category.name : each.id === id))
      const change = given({ description: '', ...category, position })
      await saveCategory(tx, clock, actor, { sellerId, id: known?.id ?? id, change })
    })
  const written = await listOwnCategories(tx, sellerId)
  return new Map([
    ...written.map(({ name, id }) => [name, id] as const),
    ...written.map(({ slug, id }) => [slug, id] as const),
  ])
}

async function writeProduct(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  sellerId: string,
  { id, plans: _plans, category, ...product }: ProductInFile,
  categories: ReadonlyMap<string, string>,
): Promise<string> {
  const own = await listOwnProducts(tx, sellerId)
  const known = own.find((each) => (id === undefined ? each.name === product.name : each.id === id))
  const categoryId = category === undefined || category === null ? null : categories.get(category)
  if (categoryId === undefined) refuse('category', `There is no category with the slug or name ${category}.`)
  const change = given({
    published: true,
    summary: '',
    description: '',
    logoUrl: null,
    screenshots: [],
    ...product,
    marketingName: product.marketingName ?? product.name,
    categoryId,
  })
  return (await unlessTaken(saveProduct(tx, clock, actor, { sellerId, id: known?.id ?? id, change }))).id
}

/** A plan as the file says it: what the file leaves out is as in a new plan; items without an id are told by what they are. */
function readWhole(plan: PlanInFile, productId: string, former: OwnPlan | undefined, currency: string) {
  const periods = plan.periods?.map((period) => {
    const length = writeLength((period.duration as Duration | null | undefined) ?? null)
    const alike = former?.periods.find(
      (each) => writeLength(each.duration) === length && each.trial === (period.trial ?? false),
    )
    return period.id === undefined && alike ? { ...period, id: alike.id } : period
  })
  const resources = plan.resources?.map((resource) => {
    const alike = former?.resources.find(({ name }) => name === resource.name)
    return resource.id === undefined && alike ? { ...resource, id: alike.id } : resource
  })
  const written = readPlan(
    { ...plan, productId, ...(periods && { periods }), ...(resources && { resources }) },
    NEW_PLAN,
    notation(currency),
  )
  const named = new Set([...written.periods, ...written.resources].map(({ id }) => id))
  // What stands in the catalogue alone stays.
  return {
    ...written,
    periods: [...written.periods, ...(former?.periods ?? []).filter(({ id }) => !named.has(id))],
    resources: [...written.resources, ...(former?.resources ?? []).filter(({ id }) => !named.has(id))],
  }
}

const notation = (currency: string) => ({
  minor(amount: unknown, path: string): bigint {
    return parseAmount(String(amount), currency) ?? refuse(path, `${String(amount)} is no amount in ${currency}.`)
  },
  duration: (length: unknown) => length as Duration | null, // `Length` is its schema.
})

/** An id of the file that another reseller's thing has. */
async function unlessTaken<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    if (sqlState(cause) !== '23505') throw cause
    return refuse(
      'id',
      'An id here is taken by something else on this installation. Leave the ids out to be given new ones.',
    )
  }
}

type Defined<Whole> = { [Key in keyof Whole]: Exclude<Whole[Key], undefined> }
const given = <Whole extends object>(fields: Whole): Partial<Defined<Whole>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Defined<Whole>>
