import type { TestApplication } from './application.ts'
import type { Post } from './every-post.ts'
import type { setPostStage } from './post-stage.ts'

const DELIVERY = ['status', 'attempts', 'tries', 'last_status', 'next_try_at', 'finished_at']
const TEXT = { subject: 'Mail', body: 'Hello {{ account.name }}' }

/** Those of `everyPost` about event handlers, notices and webhooks. */
export function notifyPosts(
  app: TestApplication,
  { reseller, receiver, make }: Awaited<ReturnType<typeof setPostStage>>,
): Readonly<Record<string, () => Promise<Post>>> {
  const webhook = () => make('/api/v1/webhooks', { url: receiver.url, event_types: ['manager.created'] })
  const handler = (name: string) => ({
    name,
    event_type: 'order.placed',
    channel: 'email',
    recipients: ['staff'],
    templates: { en: TEXT },
  })

  return {
    '/api/v1/event-handlers': async () => ({
      by: () => reseller,
      path: '/api/v1/event-handlers',
      body: handler('One'),
    }),
    '/api/v1/event-handler-previews': async () => ({
      by: () => reseller,
      path: '/api/v1/event-handler-previews',
      body: { event_type: 'order.placed', channel: 'email', templates: { en: TEXT } },
    }),
    '/api/v1/event-handlers/{handler_id}/test': async () => ({
      by: () => reseller,
      path: `/api/v1/event-handlers/${(await make('/api/v1/event-handlers', handler('Two'))).id}/test`,
      body: {},
    }),
    '/api/v1/notices/read': async () => ({ by: () => reseller, path: '/api/v1/notices/read', body: {} }),
    '/api/v1/webhooks': async () => ({
      by: () => reseller,
      path: '/api/v1/webhooks',
      body: { url: receiver.url, event_types: ['order.placed'] },
    }),
    '/api/v1/webhooks/{webhook_id}/rotate-secret': async () => ({
      by: () => reseller,
      path: `/api/v1/webhooks/${(await webhook()).id}/rotate-secret`,
      body: {},
    }),
    '/api/v1/webhooks/{webhook_id}/test': async () => ({
      by: () => reseller,
      path: `/api/v1/webhooks/${(await webhook()).id}/test`,
      body: {},
      moving: DELIVERY,
    }),
    '/api/v1/webhooks/{webhook_id}/replay': async () => ({
      by: () => reseller,
      path: `/api/v1/webhooks/${(await webhook()).id}/replay`,
      body: { since: new Date(app.clock.now().getTime() - 86_400_000).toISOString() },
    }),
    '/api/v1/deliveries/{delivery_id}/replay': async () => {
      const { id } = await webhook()
      const { id: deliveryId } = await make(`/api/v1/webhooks/${id}/test`, {})
      return { by: () => reseller, path: `/api/v1/deliveries/${deliveryId}/replay`, body: {}, moving: DELIVERY }
    },
  }
}
