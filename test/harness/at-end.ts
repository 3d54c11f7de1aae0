import { after } from 'node:test'

type End = () => unknown

let register = (end: End): void => after(async () => void (await end()))

/** Notes how something that the harness started is ended: after the file's last test. */
export const atEnd = (end: End): void => register(end)

/** For a tool that uses the harness outside of tests: it ends all of it itself. Before the harness is imported. */
export function endWith(own: (end: End) => void): void {
  register = own
}
