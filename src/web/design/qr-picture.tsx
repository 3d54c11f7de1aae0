import { useMemo } from 'react'
import { encode } from 'uqr'

/** Modules of the light border that scanners need (ISO/IEC 18004). */
const BORDER = 4

/** A QR code as rows of dark and light modules, and as the path of an SVG. */
export function useQr(text: string) {
  return useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: BORDER })
    const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
    return { data, size, path }
  }, [text])
}

/** A text as a QR code; `label` says what it is. */
export function QrPicture({ text, label }: { text: string; label: string }) {
  const { size, path } = useQr(text)
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path className="qr-light" d={`M0 0h${size}v${size}H0z`} />
      <path className="qr-dark" d={path} />
    </svg>
  )
}
