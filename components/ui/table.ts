/** One look for all tables: 32 px rows, 13 px text, numbers that line up. */
export const TABLE = 'w-full border-collapse text-xs sm:text-sm'
export const TABLE_SCROLL = 'overflow-x-auto'
export const TH =
  'h-8 px-2 text-left text-xs font-medium whitespace-nowrap text-muted first:pl-3 last:pr-3 sm:px-3 sm:first:pl-4 sm:last:pr-4'
export const TD = 'h-8 px-2 whitespace-nowrap first:pl-3 last:pr-3 sm:px-3 sm:first:pl-4 sm:last:pr-4'
export const TR = 'border-t hover:bg-hover has-[a:focus-visible]:bg-active'
