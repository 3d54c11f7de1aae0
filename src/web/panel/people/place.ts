import { useParams } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { useSession } from '../session.ts'

/** A person as the API shows them. */
export interface Person {
  readonly id: string
  readonly tenantId: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly roles: readonly Role[]
  readonly buyer: boolean
  readonly enabled: boolean
  readonly activated: boolean
  readonly createdAt: string
  readonly version: number
}

/** What can be held where, the least first: nobody is made administrator by not choosing. */
const ROLES = {
  root: ['readonly_admin', 'finance', 'sales', 'root_admin'],
  partner: ['readonly_admin', 'finance', 'sales', 'partner_admin'],
  folder: ['readonly_admin', 'finance', 'partner_admin'],
  customer: ['backup_user', 'readonly_admin', 'company_finance', 'company_admin'],
} as const
export type Role = (typeof ROLES)[keyof typeof ROLES][number] | 'unit_admin'

export interface Place {
  /** The page of all of them. */
  readonly base: string
  /** undefined: one's own tenant. */
  readonly tenantId: string | undefined
  readonly isCustomer: boolean
  readonly roles: readonly Role[]
  readonly title: string
}

/** Whose people a page is about: an account's in the portal, else one's own. */
export function usePlace(): Place {
  const { t } = useText()
  const { accountId } = useParams()
  const { tenant } = useSession()
  if (accountId !== undefined)
    return {
      base: `/portal/accounts/${accountId}/users`,
      tenantId: accountId,
      isCustomer: true,
      roles: ROLES.customer,
      title: t('people.users'),
    }
  const kind = tenant?.kind === 'root' || tenant?.kind === 'partner' || tenant?.kind === 'folder' ? tenant.kind : null
  return kind
    ? { base: '/portal/staff', tenantId: undefined, isCustomer: false, roles: ROLES[kind], title: t('people.staff') }
    : { base: '/client/users', tenantId: undefined, isCustomer: true, roles: ROLES.customer, title: t('people.users') }
}
