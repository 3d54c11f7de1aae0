import { Button } from '../../design/button.tsx'
import { QrPicture, useQr } from '../../design/qr-picture.tsx'
import { useText } from '../../messages/use-text.ts'

/** Dots per module in a saved picture. */
const DOTS = 12

/** A text as a QR code, to be saved as SVG for print or as PNG for the screen. */
export function QrCode({ text }: { text: string }) {
  const { t } = useText()
  const { data, size, path } = useQr(text)
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
      <QrPicture text={text} label={t('links.qr')} />
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
