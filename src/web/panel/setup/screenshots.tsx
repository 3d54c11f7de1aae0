import { type FormEvent, useCallback, useId, useRef, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { Product, Screenshot } from './types.ts'

/**
 * Pictures on the product's page in the store, in their order, each with what it shows. A file is stored the moment it
 * is chosen, as it cannot wait in a form; texts that were typed before go along, and so they do when the order changes.
 */
export function Screenshots({ product, onSaved }: { product: Product; onSaved: (product: Product) => void }) {
  const { t } = useText()
  const id = useId()
  const picker = useRef<HTMLInputElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const [shots, setShots] = useState(product.screenshots)
  const write = useOperation(
    useCallback(
      async (key: string, next: readonly Screenshot[], file?: File) => {
        const path = `/products/${product.id}`
        let saved = await call<Product>(path, {
          method: 'PATCH',
          body: { screenshots: next },
          ifMatch: product.version,
          idempotencyKey: key,
        })
        if (file)
          saved = await call<Product>(`${path}/screenshots`, {
            method: 'POST',
            file,
            ifMatch: saved.version,
            idempotencyKey: `${key}f`,
          })
        setShots(saved.screenshots)
        onSaved(saved)
      },
      [product.id, product.version, onSaved],
    ),
  )
  const say = (url: string, alt: string): void =>
    setShots((now) => now.map((shot) => (shot.url === url ? { url, alt } : shot)))
  const moveUp = (index: number): Screenshot[] => {
    const next = [...shots]
    next.splice(index - 1, 0, ...next.splice(index, 1))
    return next
  }
  // What was pressed may be gone: somebody who works by keyboard goes on from the heading.
  const change = (next: readonly Screenshot[]): void => void write.run(next).then(() => heading.current?.focus())
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void write.run(shots)
  }
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>
        {t('screenshots.title')}
      </h2>
      <ErrorSummary error={write.error} failures={write.failures} />
      {shots.length === 0 ? null : (
        <form className="stack" onSubmit={submit} noValidate>
          <ol className="stack">
            {shots.map((shot, index) => (
              <li key={shot.url} className="screenshot">
                <img src={shot.url} alt="" loading="lazy" />
                <div className="stack stack-2">
                  <TextField
                    label={t('screenshots.alt', { n: index + 1 })}
                    name={`screenshots.${index}.alt`}
                    hint={index === 0 ? t('screenshots.alt_hint') : undefined}
                    autoComplete="off"
                    value={shot.alt}
                    onChange={(event) => say(shot.url, event.target.value)}
                    error={fieldError(write.error, `screenshots.${index}.alt`)}
                  />
                  <div className="cluster">
                    {index === 0 ? null : (
                      <Button
                        size="small"
                        pending={write.pending}
                        aria-label={t('screenshots.move_up', { n: index + 1 })}
                        onClick={() => change(moveUp(index))}
                      >
                        {t('setup.move_up')}
                      </Button>
                    )}
                    <Button
                      size="small"
                      look="quiet"
                      pending={write.pending}
                      aria-label={t('screenshots.remove', { n: index + 1 })}
                      onClick={() => change(shots.filter(({ url }) => url !== shot.url))}
                    >
                      {t('screenshots.take_out')}
                    </Button>
                  </div>
                </div>
              </li>
            ))}
          </ol>
          <div>
            <Button type="submit" pending={write.pending}>
              {t('screenshots.save')}
            </Button>
          </div>
        </form>
      )}
      <div className="field">
        <label htmlFor={id}>{t('screenshots.add')}</label>
        <p className="hint" id={`${id}-hint`}>
          {t('screenshots.add_hint')}
        </p>
        <input
          ref={picker}
          id={id}
          className="input"
          type="file"
          accept="image/png"
          data-field="file"
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            const [file] = event.target.files ?? []
            if (file) void write.run(shots, file).then(() => picker.current && (picker.current.value = ''))
          }}
        />
      </div>
    </section>
  )
}
