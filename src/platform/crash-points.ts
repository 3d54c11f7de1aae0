/**
 * Ends this process as `kill -9` would, where `BUYLINK_CRASH_AT` names this point. For the tests that prove that
 * nothing is half done: between any two steps of an order there is such a point.
 */
export function crashPoint(name: string): void {
  if (process.env['BUYLINK_CRASH_AT'] === name) process.kill(process.pid, 'SIGKILL')
}
