/** What forms that save have in common, who changed a thing, and the states of a plan. */
export const editing = {
  'setup.save': 'Save',
  'setup.saved': 'Saved.',
  'setup.id': 'Id',
  'setup.id_of': 'id of {name}',
  'setup.id_is': 'id {id}',
  'setup.remove_row': '{title}: remove number {n}',
  'setup.move_up': 'Move up',
  'setup.move_up_of': 'Move up {name}',
  'history.title': 'History',
  'products.summary': 'In one sentence',
  'plan.add': 'New plan',
  'plan.name': 'Plan',
  'plan.active': 'On sale',
  'plan.draft': 'Draft',
  'plan.retired': 'Retired',
} as const
