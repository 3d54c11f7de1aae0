/** What a command reads from and writes to. */
export interface Io {
  readonly input: AsyncIterable<Uint8Array>
  /** Writes a line of the answer. */
  out(line: string): void
  /** Writes a line for the person at the terminal. */
  err(line: string): void
  /** Writes text of the answer as it is; done when there is room for more. */
  write(text: string): Promise<void>
}

/** The streams of this process. A reader that goes away (`| head`) ends the process, quietly: it has what it wanted. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  return {
    input: stdin,
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    write: (text) =>
      new Promise((resolve) => {
        if (stdout.write(text)) resolve()
        else stdout.once('drain', resolve)
      }),
  }
}
