/** `2031-02-01T12:00`, in UTC: what a field for a time holds. */
export const toField = (at: Date): string => at.toISOString().slice(0, 16)

/** The instant that such a field names; undefined where it names none. */
export function fromField(value: string): Date | undefined {
  const at = new Date(`${value}Z`)
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value) && !Number.isNaN(at.getTime()) ? at : undefined
}

/** A month on, on its last day where it has no such day. */
export function monthAfter(at: Date): Date {
  const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 2, 0))
  return new Date(
    Date.UTC(
      month.getUTCFullYear(),
      month.getUTCMonth(),
      Math.min(at.getUTCDate(), month.getUTCDate()),
      at.getUTCHours(),
      at.getUTCMinutes(),
    ),
  )
}
