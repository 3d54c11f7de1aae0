import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { BuylinkError } from '../../kernel/errors.ts'
import type { ReadBody } from './body.ts'

/** What a route with `upload` gets as its input's `file`. */
export interface UploadedFile {
  readonly bytes: Buffer
  /** It came in a form, as the field `file`. */
  readonly isForm: boolean
}

/** What a route with `sends` gives back. */
export type SentFile =
  | { readonly bytes: Buffer }
  /** Sent part by part as it is read: never whole in memory. What fails on the way cuts the download off. */
  | { readonly text: AsyncIterable<string> }

// Bytes never go through a schema: the parsers below, and the route that sends them, are what makes these types true.
export const UploadedFile = z.unknown() as unknown as z.ZodType<UploadedFile, UploadedFile>
export const SentFile = z.unknown() as unknown as z.ZodType<SentFile, SentFile>

/** For routes that say `upload`: a picture as it is, or in the field `file` of a form. */
export function addFileParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^image\/png\s*(?:;|$)/i, { parseAs: 'buffer' }, async (_request: unknown, raw: Buffer) =>
    readBody({ bytes: raw, isForm: false }),
  )
  app.addContentTypeParser(
    /^multipart\/form-data\s*;/i,
    { parseAs: 'buffer' },
    async (request: { headers: Record<string, unknown> }, raw: Buffer) => {
      const form = await new Response(new Uint8Array(raw), {
        headers: { 'content-type': String(request.headers['content-type']) },
      })
        .formData()
        .catch((cause: unknown) => {
          throw new BuylinkError('malformed', 'The form cannot be read.', { cause })
        })
      const file = form.get('file')
      if (!(file instanceof File)) throw missing()
      return readBody({ bytes: Buffer.from(await file.arrayBuffer()), isForm: true })
    },
  )
}

function readBody(file: UploadedFile): ReadBody {
  if (file.bytes.length === 0) throw missing()
  // Only to tell two bodies apart.
  return { raw: createHash('sha256').update(file.bytes).digest('base64'), value: { file } }
}

/** Also for a request without any body, which no parser sees. */
export function fileOf(file: UploadedFile | undefined): UploadedFile {
  if (!file) throw missing()
  return file
}

const missing = (): BuylinkError =>
  new BuylinkError('invalid_request', 'Send the picture as the body, or as the field `file` of a form.', {
    problems: [{ path: 'file', code: 'required', message: 'Is required' }],
  })
