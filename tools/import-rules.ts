import type { IForbiddenRuleType } from 'dependency-cruiser'

/** The capabilities, each of which may call those before it. */
export const IN_ORDER: readonly string[] = [
  'tenants',
  'users',
  'accounts',
  'branding',
  'applications',
  'stores',
  'discounts',
  'catalog',
  'attribution',
  'registration',
  'buylinks',
  'ledger',
  'payments',
  'cards',
  'provisioning',
  'subscriptions',
  'orders',
  'refunds',
  'referrals',
  'reviews',
  'usage',
  'quotas',
  'charges',
  'invoices',
  'cost-statements',
  'dunning',
  'offers',
  'upsell',
  'platforms',
  'notifications',
  'test-clocks',
  'operations',
  'configuration',
  'demonstration',
]

const ALL = IN_ORDER.join('|')

type Where = { path?: string; pathNot?: string }

/** Tests may look anywhere: a test of a capability sets the stage with those above it. */
function deny(name: string, from: Where, to: Where & { circular?: true }): IForbiddenRuleType {
  const pathNot = [from.pathNot, String.raw`\.test\.tsx?$`].filter((path) => path !== undefined).join('|')
  return { name, severity: 'error', from: { ...from, pathNot }, to }
}

/** docs/adr/0004-capabilities-and-views.md, as rules: `from` must not import `to`. `$1` is what the first bracket of `from` matched. */
export const importRules: IForbiddenRuleType[] = [
  deny('no-cycles', {}, { circular: true }),
  deny('kernel-is-pure', { path: '^src/kernel/' }, { path: '^src/(?!kernel/)' }),
  deny('link-stands-alone', { path: '^src/link/' }, { path: '^src/(?!link/)' }),
  deny('platform-knows-no-capability', { path: '^src/platform/' }, { path: '^src/(?!kernel/|link/|platform/)' }),
  deny(
    'front-door-only',
    { path: `^src/(${ALL})/` },
    { path: `^src/(${ALL})/(?!index\\.ts$|rules\\.ts$|schema\\.ts$)`, pathNot: '^src/$1/' },
  ),
  deny(
    'pages-use-the-front-door',
    { path: '^src/(web|sdk|cli)/' },
    { path: `^src/(${ALL})/(?!index\\.ts$|rules\\.ts$|schema\\.ts$)` },
  ),
  deny('capabilities-know-no-client', { path: `^src/(${ALL})/` }, { path: '^src/(web|cli|sdk|server)(/|\\.ts$)' }),
  deny('rules-are-pure', { path: '/rules\\.ts$' }, { pathNot: '^src/(kernel|link)/|/(schema|rules)\\.ts$' }),
  deny(
    'panel-speaks-http',
    { path: '^src/web/panel/' },
    { path: '^src/', pathNot: '^src/(kernel|sdk|link|web/(panel|shared|messages|design))/' },
  ),
  // `backup` alone works on the data directory, where no server needs to run.
  deny(
    'cli-speaks-http',
    { path: '^src/cli/', pathNot: '^src/cli/backup\\.ts$' },
    { path: '^src/', pathNot: '^src/(sdk|link|cli)/' },
  ),
  deny('only-the-server-knows-everyone', { path: '^src/(?!server\\.ts$)' }, { path: '^src/server\\.ts$' }),
  ...IN_ORDER.slice(0, -1).map((name, index) =>
    deny(`${name}-calls-down`, { path: `^src/${name}/` }, { path: `^src/(${IN_ORDER.slice(index + 1).join('|')})/` }),
  ),
]
