// The shapes of answers that several readers share. A shape names what we use and nothing else; unknown fields are dropped.
import { integer, minValue, nullish, number, object, pipe, regex, string } from 'valibot'

/** A git object id of a SHA-1 repository, the only kind that GitHub hosts. */
export const Sha = pipe(string(), regex(/^[0-9a-f]{40}$/, 'a commit or object id'))
export const Count = pipe(number(), integer(), minValue(0))
export const NullableText = nullish(string(), null)
/** An answer of which only the id matters. */
export const WithId = object({ id: Count })
