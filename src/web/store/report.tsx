import { FigureReport, type FigureSteps } from '../design/figures.tsx'
import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { PageProps } from './props.ts'

export interface ReportProps extends PageProps {
  readonly partner: string
  readonly key: string | null
  readonly program: string
  /** `12.5` */
  readonly percent: string
  readonly appliesTo: 'first' | 'all'
  readonly report: FigureSteps
  /** Days shown, and those one may choose. */
  readonly days: number
  readonly choices: readonly number[]
  /** Address of this page, without a query. */
  readonly path: string
  /** The partner's link to the store. */
  readonly link: string | null
}

/** What a partner reads behind their private link. */
export function renderReport(props: ReportProps): string {
  return renderPage(
    props,
    ({ t }) => ({ title: `${t('report.title', { name: props.partner })}: ${props.brand.serviceName}`, indexed: false }),
    () => (
      <StoreFrame page={props}>
        <Report props={props} />
      </StoreFrame>
    ),
  )
}

function Report({ props }: { props: ReportProps }) {
  const { t } = useText()
  const { program, percent, appliesTo: applies, days, choices, path, key, link } = props
  return (
    <div className="stack stack-5 report-page">
      <div className="stack stack-2">
        <h1>{t('report.title', { name: props.partner })}</h1>
        <p className="lead">{t('report.lead', { program, percent, applies })}</p>
        <p className="small muted">{t('report.private')}</p>
      </div>
      <nav className="segments" aria-label={t('figures.range')}>
        {choices.map((choice) => (
          <a key={choice} href={`${path}?days=${choice}`} aria-current={choice === days ? 'true' : undefined}>
            {t('figures.days', { n: choice })}
          </a>
        ))}
      </nav>
      <FigureReport
        report={props.report}
        isPartner
        actions={
          <a className="button button-small" href={`${path}/report.csv?days=${days}`}>
            {t('figures.csv')}
          </a>
        }
      />
      {link === null ? null : (
        <section className="card stack stack-2" aria-labelledby="link">
          <h2 id="link">{t('report.link')}</h2>
          <p>
            <code className="report-link">{link}</code>
          </p>
          <p className="small muted">
            {t('report.link_hint')} <code className="report-key">{`?manager_key=${key}`}</code>
          </p>
        </section>
      )}
    </div>
  )
}
