/** What stands above every page of a sandbox reseller. */
export const sandbox = {
  'sandbox.label': 'Sandbox',
  'sandbox.strip': 'Sandbox: this reseller’s time is not real.',
  'sandbox.time': 'Its clock stands at {time} UTC.',
} as const
