import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'

export const ApplicationV2 = z.object({
  id: Uuid,
  name: z.string(),
  type: z.enum([
    'backup',
    'files_cloud',
    'monitoring',
    'storage',
    'platform',
    'hci',
    'physical_data_shipping',
    'notary',
  ]),
  usages: z.array(z.string()).meta({ description: 'Usage names that it counts' }),
  apiBaseUrl: z.string(),
})

export const SettingPath = z.object({
  applicationId: Uuid,
  tenantId: idOf<TenantId>(),
  settingName: z.string().regex(/^[A-Za-z]\w{0,63}$/),
})

export const SettingValueV2 = z.union([
  z.string(),
  z.boolean(),
  z.number(),
  z.null(),
  z.record(z.string(), z.unknown()),
])

export const SettingV2 = z.object({
  name: z.string(),
  own: z.object({ value: SettingValueV2, lock: z.boolean(), exclusive: z.boolean() }).nullable(),
  effective: z
    .object({
      owner: z.object({ type: z.enum(['tenant', 'user']), id: Uuid }),
      value: SettingValueV2,
      lock: z.boolean(),
    })
    .nullable()
    .meta({ description: 'What applies instead of an own value; null where the own one does' }),
})
