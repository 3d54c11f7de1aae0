import { z } from 'zod'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { type ExplainDeps, Explanation, explainLink } from './explain-link.ts'

export const buylinkRoutes = (deps: Omit<ExplainDeps, 'clock'>): readonly AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/buy-links/explain',
    scope: null,
    tag: 'buy-links',
    summary: 'Tell what a buy-link will do, what it costs today and what is wrong with it',
    description: 'Changes nothing. A query without a host is read as one of the store that is asked.',
    input: z.object({ url: z.string().min(1).max(10_000) }),
    output: Explanation,
    handle: ({ clock, actor, request }, { url }) => explainLink({ ...deps, clock }, actor, request.host, url),
  }),
]
