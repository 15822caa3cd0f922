import { NotFound } from '#components/frame/not-found.tsx'
import { NotFoundYet } from '#components/frame/not-found-yet.tsx'

/** Inside the frame: the environment exists, the thing does not. */
export default function NotFoundInEnvironment() {
  return (
    <>
      <NotFound />
      <NotFoundYet />
    </>
  )
}
