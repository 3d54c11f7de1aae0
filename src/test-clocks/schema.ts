import { z } from 'zod'
import { Instant } from '../platform/http/schemas.ts'

export const TestClockView = z.object({
  now: Instant.meta({ description: 'The reseller’s time; it stands still' }),
  target: Instant.meta({ description: 'Where it is moving to; `now` once it is there' }),
  isMoving: z.boolean().meta({ description: 'Until all that was due on the way is done' }),
})
