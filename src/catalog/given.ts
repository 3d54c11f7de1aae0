type Defined<Whole> = { [Key in keyof Whole]: Exclude<Whole[Key], undefined> }

/** What was given of a shape whose every part may be left out. */
export const given = <Whole extends object>(fields: Whole): Partial<Defined<Whole>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Defined<Whole>>
