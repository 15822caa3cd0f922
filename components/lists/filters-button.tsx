import { ListFilter } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'

interface FiltersButtonProps {
  /** The id of what it shows and hides. */
  controls: string
  unfolded: boolean
  /** Whether any filter is set. */
  narrowed: boolean
  onToggle: () => void
}

/** Where there is not the width for filters beside each other they are folded away behind this. */
export function FiltersButton({ controls, unfolded, narrowed, onToggle }: FiltersButtonProps) {
  return (
    <Button
      size="small"
      look="ghost"
      className="md:hidden"
      aria-expanded={unfolded}
      aria-controls={controls}
      onClick={onToggle}
    >
      <ListFilter className="size-3.5" aria-hidden />
      {narrowed ? 'Filters (on)' : 'Filters'}
    </Button>
  )
}
