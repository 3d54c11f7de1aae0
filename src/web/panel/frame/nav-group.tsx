import { type ReactNode, useState } from 'react'
import { useLocation } from 'react-router'
import { ChevronDown } from './menu-icons.tsx'

const KEPT = 'buylink:menu-folded'

/** Which groups someone folded away on a wide screen; on a phone only where one is stands open. */
function readFolded(): readonly string[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as string[]
  } catch {
    return []
  }
}

function keepFolded(label: string, isFolded: boolean): void {
  const others = readFolded().filter((each) => each !== label)
  try {
    localStorage.setItem(KEPT, JSON.stringify(isFolded ? [...others, label] : others))
  } catch {
    // Without a place to keep it, it holds for this visit.
  }
}

const isWide = (): boolean => matchMedia('(min-width: 56rem)').matches

/** Entries of the menu below a heading that folds them away, and keeps it that way. The group of the present page is open. */
export function NavGroup({ label, paths, children }: { label: string; paths: readonly string[]; children: ReactNode }) {
  const { pathname } = useLocation()
  const [isOpen, setOpen] = useState(() => isWide() && !readFolded().includes(label))
  const isHere = paths.some((path) => pathname === path || pathname.startsWith(`${path}/`))
  return (
    <details
      className="nav-group"
      open={isOpen || isHere}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
        if (isWide() && !isHere) keepFolded(label, !currentTarget.open)
      }}
    >
      <summary>
        {label}
        <ChevronDown size={16} />
      </summary>
      <ul>{children}</ul>
    </details>
  )
}
