/** Portal pages about the categories that products stand in. */
export const categories = {
  'categories.title': 'Categories',
  'categories.lead': 'Where products stand together in the store, in this order.',
  'categories.add': 'New category',
  'categories.submit': 'Add category',
  'categories.name': 'Name',
  'categories.description': 'Description',
  'categories.description_hint': 'Stands below the name on its page, and in search engines.',
  'categories.slug': 'End of its address',
  'categories.slug_hint':
    'Lower-case letters, digits and hyphens. Empty: made from the name. A new one breaks links to the page.',
  'categories.address': 'Address',
  'categories.products': 'Products',
  'categories.no_products': 'No product is in it yet: choose it on the page of a product.',
  'categories.empty_title': 'No category yet',
  'categories.empty':
    'A few products need none. With more of them, a category gives those that belong together a page.',
  'categories.delete': 'Delete',
  'categories.delete_title': 'Delete “{name}”?',
  'categories.delete_text':
    '{n, plural, =0 {No product is in it.} one {# product stays on sale, in no category.} other {# products stay on sale, in no category.}} Links to its page lead to nothing then.',
} as const
