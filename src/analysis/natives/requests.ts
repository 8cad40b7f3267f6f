// The request that is being served, of packages that keep it in a thread's own memory: while an application starts there is none.
// Must stay true: only functions that answer None outside of a request, and that nothing but a middleware gives one.
import type { Native, Natives } from './native.ts'

const noRequest: Native = (frame) => frame.machine.domain.none

/** Of django-crum, django-threadlocals, django-currentuser and django-middleware-global-request; each one's own documentation says so. */
export const REQUESTS: Natives = Object.fromEntries(
  [
    'crum.get_current_request',
    'threadlocals.threadlocals.get_current_request',
    'threadlocals.threadlocals.get_current_session',
    'django_currentuser.middleware.get_current_user',
    'django_currentuser.middleware.get_current_authenticated_user',
    'django_middleware_global_request.get_request',
    'django_middleware_global_request.middleware.get_request',
  ].map((path) => [path, noRequest]),
)
