export const client = {} as const
