import { createSampleService } from './service.ts'

// node examples/sample-service/main.ts, with the secret that `POST /api/v1/connectors` told.
const {
  WEBHOOK_SECRET: secret,
  PORT: port = '8090',
  DIRECTORY: directory = './sample-service-pages',
  COUNTS: counts,
  ASKS: asks,
} = process.env
if (!secret) throw new Error('Set WEBHOOK_SECRET to the secret of the connector: whsec_…')
createSampleService({ secret, directory, ...(counts && { counts }), ...(asks && { asks }) }).listen(Number(port), () =>
  console.log(`http://localhost:${port}`),
)
