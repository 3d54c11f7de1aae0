import { BuylinkError } from '../kernel/errors.ts'

/** Says where in the file something is wrong. */
export function refuse(path: string, message: string): never {
  throw new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })
}

/** Problems of an operation are about a part of the file: their paths begin there. */
export async function within<Result>(part: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof BuylinkError) || cause.status >= 500) throw cause
    const own = cause.problems.length > 0 ? cause.problems : [{ path: '', code: cause.code, message: cause.message }]
    const problems = own.map(({ path, ...rest }) => ({ ...rest, path: path === '' ? part : `${part}.${path}` }))
    throw new BuylinkError('unprocessable', cause.message, { cause, problems })
  }
}
