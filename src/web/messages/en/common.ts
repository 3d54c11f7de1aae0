/** What store, control panel and portal all say. */
export const common = {
  'skip.to_content': 'Skip to content',
  'demo.strip': 'Demonstration: nothing here is charged.',

  'period.monthly': 'Monthly',
  'period.yearly': 'Yearly',
  'period.endless': 'No fixed term',
  'span.days': '{n, plural, one {# day} other {# days}}',
  'span.months': '{n, plural, one {# month} other {# months}}',
  'span.years': '{n, plural, one {# year} other {# years}}',
  'every.days': '{n, plural, one {every day} other {every # days}}',
  'every.months': '{n, plural, one {every month} other {every # months}}',
  'every.years': '{n, plural, one {every year} other {every # years}}',
  'price.a_month': '{amount} / month',
  'price.a_month_unit': '/ month',
  'price.use_based': 'Pay for what you use',
  'price.free': 'Free',
  'trial.of': '{span} trial',

  'footer.terms': 'Terms of service',
  'footer.privacy': 'Privacy policy',
  'footer.support': 'Support',
  'footer.sold_by': 'Sold by {name}',
  'not_found.title': 'This page does not exist',
  'error.title': 'Something went wrong on our side',
  'link.to_product': 'See {product} and order from there',
} as const
