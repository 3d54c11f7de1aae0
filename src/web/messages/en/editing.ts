/** What forms that save have in common, and who changed a thing. */
export const editing = {
  'setup.save': 'Save',
  'setup.saved': 'Saved.',
  'setup.id': 'Id',
  'setup.id_of': 'id of {name}',
  'setup.id_is': 'id {id}',
  'setup.remove_row': '{title}: remove number {n}',
  'history.title': 'History',
} as const
