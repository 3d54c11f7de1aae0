import { Fragment } from 'react'

/** A name such as `subscription.price_change_announced`, which breaks where its words end. */
export const DottedName = ({ name }: { name: string }) => (
  <code>
    {name.split(/(?<=[._])/).map((part, index) => (
      <Fragment key={`${index}${part}`}>
        {index > 0 ? <wbr /> : null}
        {part}
      </Fragment>
    ))}
  </code>
)
