/**
 * Why the server cannot start or go on, told to the person who started it: the entry point prints `message`
 * without a stack and exits with status 1. One problem a line; each line says what to do.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}
