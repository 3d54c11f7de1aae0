import { useNavigation } from 'react-router'
import { useText } from '../messages/use-text.ts'

/** A line at the top while the next page loads, only when it takes a moment. */
export function Waiting() {
  const { state } = useNavigation()
  const { t } = useText()
  return (
    <div role="status">
      {state === 'idle' ? null : (
        <>
          <div className="progress-line late" />
          <span className="visually-hidden">{t('loading')}</span>
        </>
      )}
    </div>
  )
}
