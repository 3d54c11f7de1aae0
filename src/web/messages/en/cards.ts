/** The cards that a customer has kept. */
export const cards = {
  'cards.lead':
    'Renewals and due invoices are charged to your card, after what is on your balance. We never see its number.',
  'cards.expires': 'Expires {month}/{year}',
  'cards.expired': 'Expired',
  'cards.charged': 'Charged for renewals',
  'cards.make_default': 'Charge this one',
  'cards.remove': 'Remove',
  'cards.remove_title': 'Remove {card}?',
  'cards.remove_last':
    'Nothing is charged by itself any more: you pay renewals and invoices yourself, and we remind you before anything stops.',
  'cards.remove_other': 'It is not charged any more. {card} is charged from then on.',
  'cards.remove_spare': 'It is not charged any more.',
  'cards.remove_keep': 'Keep it',
  'cards.remove_do': 'Remove {card}',
  'cards.empty_title': 'No card saved',
  'cards.empty': 'With a saved card what you have renews by itself, and invoices are paid when they are due.',
  'cards.add_title': 'Add a card',
  'cards.add_text':
    'You enter it on the page of our card service and come back here. Nothing is charged now. Afterwards it is the card that is charged.',
  'cards.agree': 'Charge this card for renewals and due invoices. I can remove it at any time.',
  'cards.agree_first': 'Tick this so that we may keep your card.',
  'cards.add_do': 'Enter a card',
  'cards.saved': 'Your card is saved.',
} as const
