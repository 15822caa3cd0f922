import { NotFound } from '#components/frame/not-found.tsx'
import { StillLooking } from '#components/frame/still-looking.tsx'

/** Inside the frame: the environment exists, the thing does not. */
export default function NotFoundInEnvironment() {
  return (
    <>
      <NotFound />
      <StillLooking />
    </>
  )
}
