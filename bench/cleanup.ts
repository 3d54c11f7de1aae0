const deferred: (() => unknown)[] = []

/** Notes how something that was started or made is ended or removed; the latest goes first. */
export const defer = (undo: () => unknown): void => void deferred.push(undo)

/** Ends and removes all of it, also where a part of that fails. */
export async function cleanUp(): Promise<void> {
  for (let undo = deferred.pop(); undo; undo = deferred.pop()) {
    try {
      await undo()
    } catch (error) {
      console.error(`While cleaning up: ${String(error)}`)
    }
  }
}
