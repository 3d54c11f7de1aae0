import jsqr from 'jsqr'
import type { Browser } from 'playwright-core'

/**
 * What a picture of a QR code says, read by a decoder that is not ours: the browser draws the file, whatever its format,
 * and the decoder reads the dots.
 *
 * @returns The text; null where nothing can be read.
 */
export async function readQr(
  browser: Browser,
  file: Buffer,
  type: 'image/svg+xml' | 'image/png',
): Promise<string | null> {
  const page = await browser.newPage()
  const { dots, width, height } = await page.evaluate(
    async ([base64, mime]) => {
      const image = new Image()
      image.src = `data:${mime};base64,${base64}`
      await image.decode()
      const canvas = document.createElement('canvas')
      // An SVG without a size of its own is drawn as large as a scanner would see it.
      canvas.width = canvas.height = Math.max(image.naturalWidth, 600)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('The browser cannot draw')
      context.drawImage(image, 0, 0, canvas.width, canvas.height)
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height)
      return { dots: [...data], width, height }
    },
    [file.toString('base64'), type] as const,
  )
  await page.close()
  return jsqr.default(Uint8ClampedArray.from(dots), width, height)?.data ?? null
}
