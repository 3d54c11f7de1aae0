import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const operator = app.caller()
await operator.signIn(SIGN_INS.operator)
await app.jobs.drain()

const failedJob = async (): Promise<string> => {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id::text from graphile_worker.add_job('remove-old-keys', '{"type": "account.created", "secret": "no"}', run_at => now() + interval '1 day')`,
  )
  await database.pool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'the disk is full' where id = $1`,
    [rows[0]?.id],
  )
  return rows[0]?.id ?? ''
}

test('the operator reads how the installation does, what failed, and has it tried again', async () => {
  const id = await failedJob()
  const { status, body, text } = await operator.send('GET', '/api/v1/health')
  assert.equal(status, 200, text)
  const health = body as unknown as {
    versions: Record<string, unknown>
    jobs: { failed: number; tasks: { task: string; failed: number }[] }
    mails: { kept: boolean }
    database: { size_bytes: number }
  }
  assert.equal(health.versions['node'], process.versions.node)
  assert.ok(health.database.size_bytes > 1_000_000)
  assert.equal(health.jobs.failed, 1)
  assert.deepEqual(health.jobs.tasks.find(({ failed }) => failed > 0)?.task, 'remove-old-keys')

  const failed = await operator.send('GET', '/api/v1/failed-jobs')
  const [job] = failed.body['items'] as unknown as Record<string, unknown>[]
  assert.deepEqual(
    [job?.['id'], job?.['task'], job?.['event'], job?.['last_error'], job?.['next_try_at']],
    [id, 'remove-old-keys', 'account.created', 'the disk is full', null],
  )
  assert.doesNotMatch(failed.text, /secret/)

  assert.equal((await operator.send('POST', `/api/v1/failed-jobs/${id}/retry`, {})).status, 204)
  await app.jobs.drain()
  assert.deepEqual((await operator.send('GET', '/api/v1/failed-jobs')).body['items'], [])
  assert.equal((await operator.send('POST', `/api/v1/failed-jobs/${id}/retry`, {})).status, 204, 'gone: it succeeded')
  const log = await operator.send('GET', '/api/v1/audit-log?action=job.retry')
  assert.equal((log.body['items'] as unknown as unknown[]).length, 1)
})

test('nobody else sees any of it: it is about all resellers at once', async () => {
  for (const email of [SIGN_INS.reseller, SIGN_INS.customer]) {
    const other = app.caller()
    await other.signIn(email)
    for (const path of ['/api/v1/health', '/api/v1/failed-jobs'])
      assert.equal((await other.send('GET', path)).status, 403, `${email} ${path}`)
    assert.equal((await other.send('POST', '/api/v1/failed-jobs/1/retry', {})).status, 403)
  }
})
