import { z } from 'zod'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { searchInput, sortInput } from '../platform/http/list.ts'
import { NumericId, pageInput, pageOf } from '../platform/http/schemas.ts'
import { FailedJob, JOB_LISTING, listFailedJobs, retryJob } from './failed-jobs.ts'
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
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/failed-jobs',
      scope: 'operations:read',
      tag: TAG,
      summary: 'List jobs whose last try failed, newest first',
      input: z.object({ ...pageInput, ...sortInput(JOB_LISTING), ...searchInput }),
      output: pageOf(FailedJob),
      handle: ({ db }, wish) => listFailedJobs(db, wish),
    }),
  ),
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
