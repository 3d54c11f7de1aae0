import { toCsv } from '../../../../kernel/csv.ts'
import { Button } from '../../../design/button.tsx'
import type { FigureSums } from '../../../design/figures.tsx'
import { useText } from '../../../messages/use-text.ts'

/** What is on the page, as a file: a row a line and currency. */
export function CsvButton({
  name,
  heads,
  rows,
  size = 'small',
}: {
  name: string
  /** Of the columns before the figures. */
  heads: readonly string[]
  rows: readonly { readonly cells: readonly string[]; readonly sums: FigureSums }[]
  /** `normal` where it stands with the filter of a list. */
  size?: 'small' | 'normal'
}) {
  const { t } = useText()
  const save = (): void => {
    const head = [...heads, 'visits', 'accounts', 'orders', 'paid_orders', 'currency', 'paid', 'paid_net', 'reward']
    const body = rows.flatMap(({ cells, sums: { visits, accounts, orders, paidOrders, amounts } }) => {
      const counts = [visits, accounts, orders, paidOrders]
      if (amounts.length === 0) return [[...cells, ...counts, '', '', '', '']]
      return amounts.map(({ paid, paidNet, reward }, index) => [
        ...cells,
        ...(index === 0 ? counts : [0, 0, 0, 0]),
        paid.currency,
        paid.amount,
        paidNet.amount,
        reward.amount,
      ])
    })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([toCsv([head, ...body])], { type: 'text/csv' }))
    link.download = `${name}.csv`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <Button size={size} onClick={save}>
      {t('figures.csv')}
    </Button>
  )
}
