import { build, LinkBuildError } from '../link/index.ts'
import { command, UsageError } from './command.ts'

/** Writes a buy-link from its parts, alone on a line; the parts are those of the typed link. */
export const linkBuild = command({
  name: 'link build',
  summary: 'Write a buy-link',
  options: {
    domain: {
      type: 'string',
      value: 'DOMAIN',
      help: 'the store’s domain: short for https://DOMAIN/external_dispatcher/settle',
    },
    base: { type: 'string', value: 'URL', help: 'everything before the “?”, instead of --domain' },
    plan: { type: 'string', value: 'ID', help: 'the plan to order' },
    period: { type: 'string', value: 'ID', help: 'its period' },
    resource: {
      type: 'string',
      multiple: true,
      value: 'ID=QUANTITY',
      help: 'preset a resource of the plan; repeatable',
    },
    'manager-key': { type: 'string', value: 'KEY', help: 'link the account to this manager; capitals count' },
    'order-type': { type: 'string', value: 'TYPE', help: 'handed on; leave it out for a sales order' },
    topup: { type: 'string', value: 'AMOUNT', help: 'top-up payment, in the reseller’s currency' },
    'skip-all-steps': { type: 'boolean', help: 'skip the configuration step' },
    ga: { type: 'string', value: 'VALUE', help: 'Google Analytics’ cross-domain value' },
    lang: { type: 'string', value: 'LANGUAGE', help: 'language of the pages, such as de' },
  },
  async run(values, { io }) {
    const { domain, base, plan, period, topup, ga, lang } = values
    if (domain === undefined && base === undefined) throw new UsageError('Give --domain, or --base.')
    if (domain !== undefined && base !== undefined) throw new UsageError('Give either --domain or --base, not both.')
    if (plan === undefined) throw new UsageError('Give --plan.')
    if (period === undefined) throw new UsageError('Give --period.')
    const link = {
      domain,
      base,
      application: { plan_id: plan, plan_period_id: period, resources: (values.resource ?? []).map(resourceOf) },
      topup: topup === undefined ? null : { amount: topup },
      manager_key: values['manager-key'],
      order_type: values['order-type'],
      skip_all_steps: values['skip-all-steps'],
      ga,
      other: lang === undefined ? {} : { lang },
    }
    try {
      io.out(build(link))
    } catch (error) {
      if (error instanceof LinkBuildError) throw new UsageError(`${error.part}: ${error.message}`)
      throw error
    }
    return 0
  },
})

function resourceOf(text: string): { id: string; quantity: string } {
  const [id = '', quantity, ...more] = text.split('=')
  if (quantity === undefined || more.length > 0) throw new UsageError(`Write --resource ID=QUANTITY, not “${text}”.`)
  return { id, quantity }
}
