import { cleanUp, defer } from '../bench/cleanup.ts'
import { endWith } from '../test/harness/at-end.ts'

// Whatever the harness starts ends with the run. Imported first of all, before the harness.
endWith(defer)

export { cleanUp, defer }
