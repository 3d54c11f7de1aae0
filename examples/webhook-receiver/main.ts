import { createReceiver } from './receiver.ts'

// node examples/webhook-receiver/main.ts, with the secret that the webhook was shown with.
const { WEBHOOK_SECRET: secret, PORT: port = '8091', FILE: file = './webhooks.jsonl' } = process.env
if (!secret) throw new Error('Set WEBHOOK_SECRET to the secret of the webhook: whsec_…')
const onMessage = ({ type, subject }: { readonly type: string; readonly subject: { readonly id: string } }) =>
  console.log(`${type} ${subject.id}`)
createReceiver({ secret, file, onMessage }).listen(Number(port), () => console.log(`http://localhost:${port}`))
