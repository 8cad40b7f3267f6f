// Whether a stream shows colours: a terminal that can, and nobody who asked for none (https://no-color.org: any value but an empty one).
// Files and pipes get plain text, so that reports can be compared and searched.
import type { WriteStream } from 'node:tty'

export function takesColor(
  stream: Pick<WriteStream, 'isTTY'>,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  return stream.isTTY && !refused
}
