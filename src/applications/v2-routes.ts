import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { v2Route } from '../platform/http/v2.ts'
import { applicationsOf, bindApplication, getApplication } from './bind-application.ts'
import { type Application, APPLICATIONS, BACKUP, EDITION_ITEMS } from './catalogue.ts'
import { setSetting, unsetSetting } from './change-setting.ts'
import { readSetting } from './read-setting.ts'
import { ApplicationV2, SettingPath, SettingV2, SettingValueV2 } from './v2-schema.ts'

export interface ApplicationV2Deps {
  /** Where the installation is reached. */
  readonly publicUrl: string
  /** Names of usages that a provider at or above the tenant has defined. */
  readonly customUsagesOf: (db: Db, tenantId: TenantId) => Promise<readonly { readonly usageName: string }[]>
}

const SETTING = '/api/2/applications/:applicationId/settings/tenants/:tenantId/:settingName'
const BINDING = '/api/2/applications/:applicationId/bindings/tenants/:tenantId'
const Binding = z.object({ applicationId: Uuid, tenantId: idOf<TenantId>() })
const tag = 'applications (v2)'

/** Applications, who has them, and tenants' settings, of the compatible API (facts/acronis-upsell.md §2.4, §5.6). */
export function applicationV2Routes({ publicUrl, customUsagesOf }: ApplicationV2Deps): AnyRoute[] {
  async function present(db: Db, tenantId: TenantId, { id, name, type, path }: Application) {
    const custom = type === BACKUP.type ? await customUsagesOf(db, tenantId) : []
    const own = type === BACKUP.type ? EDITION_ITEMS : []
    const usages = [...new Set([...own, ...custom].map(({ usageName }) => usageName))]
    return { id, name, type, usages, apiBaseUrl: publicUrl + path }
  }
  const bind = (enabled: boolean, summary: string): AnyRoute =>
    v2Route({
      method: enabled ? 'POST' : 'DELETE',
      path: BINDING,
      scope: 'offerings:write',
      tag,
      summary,
      description: 'For the tenant and all below it. Once more changes nothing.',
      input: Binding,
      output: z.object({}),
      status: 204,
      async handle({ db, clock, actor }, binding) {
        await bindApplication(db, clock, actor, { ...binding, enabled })
        return {}
      },
    })

  return [
    v2Route({
      method: 'GET',
      path: '/api/2/applications',
      scope: 'offerings:read',
      tag,
      summary: 'List applications',
      input: z.object({}),
      output: z.object({ items: z.array(ApplicationV2) }),
      handle: async ({ db, actor }) => ({
        items: await Promise.all(APPLICATIONS.map((each) => present(db, actor.tenantId, each))),
      }),
    }),
    v2Route({
      method: 'GET',
      path: '/api/2/applications/:applicationId',
      scope: 'offerings:read',
      tag,
      summary: 'Read an application',
      input: z.object({ applicationId: Uuid }),
      output: ApplicationV2,
      handle: async ({ db, actor }, { applicationId }) => present(db, actor.tenantId, getApplication(applicationId)),
    }),
    v2Route({
      method: 'GET',
      path: '/api/2/tenants/:tenantId/applications',
      scope: 'offerings:read',
      tag,
      summary: 'List the ids of a tenant’s applications',
      input: z.object({ tenantId: idOf<TenantId>() }),
      output: z.object({ items: z.array(Uuid) }),
      handle: async ({ db, actor }, { tenantId }) => ({
        items: (await applicationsOf(db, actor, tenantId)).map(({ id }) => id),
      }),
    }),
    bind(true, 'Switch an application on for a tenant'),
    bind(false, 'Switch an application off for a tenant'),
    v2Route({
      method: 'GET',
      path: SETTING,
      scope: 'settings:read',
      tag,
      summary: 'Read a setting of a tenant',
      input: SettingPath,
      output: SettingV2,
      handle: ({ db, actor }, { settingName: name, ...key }) => readSetting(db, actor, { ...key, name }),
    }),
    v2Route({
      method: 'PUT',
      path: SETTING,
      scope: 'settings:write',
      tag,
      summary: 'Set a tenant’s own value of a setting',
      description:
        '`lock`: those below may set no other. `exclusive`: for this tenant alone; those below inherit from above it. What is left out stays.',
      input: SettingPath.extend({
        value: SettingValueV2.optional(),
        lock: z.boolean().optional(),
        exclusive: z.boolean().optional(),
      }),
      output: SettingV2,
      handle: ({ db, clock, actor }, { settingName: name, applicationId, tenantId, ...change }) =>
        setSetting(db, clock, actor, { applicationId, tenantId, name }, change),
    }),
    v2Route({
      method: 'DELETE',
      path: SETTING,
      scope: 'settings:write',
      tag,
      summary: 'Take a tenant’s own value away: it inherits again',
      input: SettingPath,
      output: z.object({}),
      status: 204,
      async handle({ db, clock, actor }, { settingName: name, ...key }) {
        await unsetSetting(db, clock, actor, { ...key, name })
        return {}
      },
    }),
  ]
}
