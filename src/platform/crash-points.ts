/** Read once: asking the environment costs more than all else here. */
const [crashAt, nth = '1'] = process.env['BUYLINK_CRASH_AT']?.split('#') ?? []
let passed = 0

/**
 * Ends this process as `kill -9` would, where `BUYLINK_CRASH_AT` names this point (`name#3`: the third time it is
 * passed). For the tests that prove that nothing is half done: between any two steps of an order there is such a point.
 */
export function crashPoint(name: string): void {
  if (crashAt === name && ++passed === Number(nth)) process.kill(process.pid, 'SIGKILL')
}
