/**
 * Loaded before a server (`node --import`), so that its clock is wrong by as many milliseconds as the file
 * `TORTURE_CLOCK` says, from one moment to the next: what a machine's clock does when it is set.
 */
import { readFileSync } from 'node:fs'

const file = process.env.TORTURE_CLOCK
const RealDate = Date
let shift = 0
if (file)
  setInterval(() => {
    try {
      shift = Number(readFileSync(file, 'utf8')) || 0
    } catch {
      shift = 0
    }
  }, 50).unref()

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shift)
    else super(...args)
  }
  static now() {
    return RealDate.now() + shift
  }
}
