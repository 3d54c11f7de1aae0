/** The brand's logo, or its name beside a small mark where it has none. */
export function BrandMark({ name, logoUrl, href }: { name: string; logoUrl: string | null; href: string | null }) {
  const inside = logoUrl ? (
    <img className="brand-logo" src={logoUrl} alt={name} height={32} />
  ) : (
    <>
      <svg className="brand-glyph" viewBox="0 0 20 24" width="20" height="24" aria-hidden="true">
        <path d="M2 0h16a2 2 0 0 1 2 2v20l-3.33 2-3.33-2L10 24l-3.34-2-3.33 2L0 22V2a2 2 0 0 1 2-2Z" />
        <path className="brand-glyph-lines" d="M5 7h10M5 12h6" />
      </svg>
      <span>{name}</span>
    </>
  )
  return href === null ? (
    <span className="brand">{inside}</span>
  ) : (
    <a className="brand" href={href}>
      {inside}
    </a>
  )
}
