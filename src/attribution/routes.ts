import { z } from 'zod'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { decodeCursor, pageInput, pageOf, toPage, Uuid } from '../platform/http/schemas.ts'
import { listVisibleManagers } from './store.ts'

const ManagerView = z.object({
  id: Uuid,
  name: z.string(),
  key: z.string().nullable().meta({ description: 'Case-sensitive; goes into links as `manager_key`' }),
  active: z.boolean(),
})

export const managerRoutes = (): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/managers',
    scope: 'managers:read',
    tag: 'Managers',
    summary: 'List managers with their keys',
    description: 'Managers of the caller’s reseller and of those below it; a sales manager reads only their own.',
    input: z.object(pageInput),
    output: pageOf(ManagerView),
    async handle({ db, actor }, { cursor, limit }) {
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, z.tuple([Uuid]))
      const rows = await listVisibleManagers(db, actor, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (manager) => [manager.id])
      return { items: items.map(({ id, name, key, active }) => ({ id, name, key, active })), nextCursor }
    },
  }),
]
