import { z } from 'zod'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { decodeCursor, NumericId, pageInput, pageOf, toPage } from '../platform/http/schemas.ts'
import { FailedJob, listFailedJobs, retryJob } from './failed-jobs.ts'
import { Health, viewHealth } from './health-view.ts'

const TAG = 'Operations'

/** How the installation does, for who runs it. */
export const operationRoutes = (facts: Parameters<typeof viewHealth>[1]): readonly AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/health',
    scope: 'operations:read',
    tag: TAG,
    summary: 'Read how the installation does: versions, database, queues, mails, deliveries',
    description: 'For the operator alone. Programs that watch read `/readyz` and `/metrics`.',
    input: z.object({}),
    output: Health,
    handle: ({ db }) => viewHealth(db, facts),
  }),
  route({
    method: 'GET',
    path: '/api/v1/failed-jobs',
    scope: 'operations:read',
    tag: TAG,
    summary: 'List jobs whose last try failed, newest first',
    input: z.object(pageInput),
    output: pageOf(FailedJob),
    async handle({ db }, { cursor, limit }) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([NumericId]))[0]
      return toPage(await listFailedJobs(db, limit + 1, before), limit, ({ id }) => [id])
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/failed-jobs/:jobId/retry',
    scope: 'operations:write',
    tag: TAG,
    summary: 'Have a failed job tried again now',
    description: 'One that runs, or has succeeded and so is gone, stays as it is.',
    input: z.object({ jobId: NumericId }),
    output: z.void(),
    status: 204,
    async handle({ db, clock, actor }, { jobId }) {
      await retryJob(db, clock, actor, jobId)
    },
  }),
]
