import { useMemo } from 'react'
import { encode } from 'uqr'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'

/** Modules of the light border that scanners need (ISO/IEC 18004), and dots per module in a saved picture. */
const BORDER = 4
const DOTS = 12

/** A text as a QR code, to be saved as SVG for print or as PNG for the screen. */
export function QrCode({ text }: { text: string }) {
  const { t } = useText()
  const { data, size } = useMemo(() => encode(text, { ecc: 'M', border: BORDER }), [text])
  const path = useMemo(
    () => data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join(''),
    [data],
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
  const savePng = (): void => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = size * DOTS
    const context = canvas.getContext('2d')
    if (!context) return
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = '#000'
    for (const [y, row] of data.entries())
      for (const [x, dark] of row.entries()) if (dark) context.fillRect(x * DOTS, y * DOTS, DOTS, DOTS)
    canvas.toBlob((blob) => blob && save(blob, 'buy-link.png'), 'image/png')
  }
  return (
    <div className="qr stack stack-3">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('links.qr')}>
        <path className="qr-light" d={`M0 0h${size}v${size}H0z`} />
        <path className="qr-dark" d={path} />
      </svg>
      <div className="cluster no-print">
        <Button size="small" onClick={() => save(new Blob([svg], { type: 'image/svg+xml' }), 'buy-link.svg')}>
          {t('links.save_svg')}
        </Button>
        <Button size="small" onClick={savePng}>
          {t('links.save_png')}
        </Button>
      </div>
    </div>
  )
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
