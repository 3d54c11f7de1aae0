import { Secret, TOTP } from 'otpauth'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import type { TestApplication } from './application.ts'
import type { Post } from './every-post.ts'
import type { setPostStage } from './post-stage.ts'

/** Those of `everyPost` about signing in and registering. */
export function peoplePosts(
  app: TestApplication,
  { stranger, mailTo }: Awaited<ReturnType<typeof setPostStage>>,
): Readonly<Record<string, () => Promise<Post>>> {
  /** Somebody who sets up a second factor, step by step. */
  const sales = stranger()
  let secret = ''
  const code = (stepsOn: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: app.clock.now().getTime() + stepsOn * 30_000,
    })

  return {
    '/api/v1/sessions': async () => ({
      by: stranger,
      path: '/api/v1/sessions',
      body: { email: SIGN_INS.sales, password: 'demonstration' },
      moving: ['csrf_token'],
    }),
    '/api/v1/registrations': async () => ({
      by: stranger,
      path: '/api/v1/registrations',
      body: { email: 'ada@example.com' },
    }),
    '/api/v1/registrations/confirm': async () => ({
      by: stranger,
      path: '/api/v1/registrations/confirm',
      body: { token: await mailTo('ada@example.com') },
    }),
    '/api/v1/password-resets': async () => ({
      by: stranger,
      path: '/api/v1/password-resets',
      body: { email: SIGN_INS.buyer },
    }),
    '/api/v1/password-resets/confirm': async () => ({
      by: stranger,
      path: '/api/v1/password-resets/confirm',
      body: { token: await mailTo(SIGN_INS.buyer), password: 'a password of four words' },
    }),
    '/api/v1/session/second-factor': async () => {
      await sales.signIn(SIGN_INS.sales)
      return { by: () => sales, path: '/api/v1/session/second-factor', body: { password: PASSWORD } }
    },
    '/api/v1/session/second-factor/confirm': async () => {
      const begun = await sales.send('POST', '/api/v1/session/second-factor', { password: PASSWORD })
      secret = String(begun.body['secret'])
      return { by: () => sales, path: '/api/v1/session/second-factor/confirm', body: { code: code(0) } }
    },
    '/api/v1/session/second-factor/remove': async () => ({
      by: () => sales,
      path: '/api/v1/session/second-factor/remove',
      body: { code: code(1) },
    }),
  }
}
