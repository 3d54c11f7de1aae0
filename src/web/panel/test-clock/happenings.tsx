import { Badge } from '../../design/badge.tsx'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { utcText } from './utc-text.ts'
import { List, StatusFilter } from '../lists.tsx'
import type { Page as ListPage } from '../types.ts'
import type { Happening, TestClock } from './types.ts'

const KINDS = ['event', 'charge', 'mail'] as const
const TONES = { event: 'info', charge: undefined, mail: 'ok' } as const
/** Things with a page of their own. */
const PAGES: Readonly<Record<string, string>> = {
  account: 'accounts',
  order: 'orders',
  payment: 'payments',
  subscription: 'subscriptions',
  invoice: 'invoices',
}

/** What came of time on the clock's latest way, latest first. */
export function Happenings({ clock, page }: { clock: TestClock; page: ListPage<Happening> }) {
  const text = useText()
  const { t } = text
  return (
    <section className="stack" aria-labelledby="happened">
      <h2 id="happened">{t('clock.happened', { time: utcText(text, clock.from ?? clock.now) })}</h2>
      <List
        caption={t('clock.happened', { time: utcText(text, clock.from ?? clock.now) })}
        filter={
          <StatusFilter
            label={t('clock.filter')}
            options={[
              { value: '', label: t('clock.all') },
              ...KINDS.map((kind) => ({ value: kind, label: t(`clock.kind.${kind}`) })),
            ]}
          />
        }
        page={page}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'at',
            label: t('clock.time'),
            cell: ({ at }) => <time dateTime={at}>{utcText(text, at)}</time>,
          },
          { key: 'what', label: t('clock.what'), cell: (each) => <What happening={each} /> },
          {
            key: 'kind',
            label: t('clock.kind'),
            cell: ({ kind }) => <Badge tone={TONES[kind]}>{t(`clock.kind.${kind}`)}</Badge>,
          },
          { key: 'who', label: t('clock.who'), cell: ({ tenant }) => tenant?.name ?? t('none') },
          {
            key: 'amount',
            label: t('clock.amount'),
            number: true,
            cell: ({ amount }) => (amount ? <Money value={amount} code /> : t('none')),
          },
        ]}
        empty={
          <Empty icon={FileText} title={t('clock.nothing_title')}>
            <p>{t('clock.nothing')}</p>
          </Empty>
        }
      />
    </section>
  )
}

function What({ happening: { kind, summary, subject, recipient } }: { happening: Happening }) {
  const { t } = useText()
  const said = kind === 'mail' ? t('clock.mail', { recipient: recipient ?? '', subject: summary }) : summary
  const place = subject && PAGES[subject.kind]
  return place ? <Link to={`/portal/${place}/${subject.id}`}>{said}</Link> : said
}
