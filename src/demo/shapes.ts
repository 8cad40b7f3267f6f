// Checks a request body against what the API description lists, with the service's texts. A key that is not listed is refused, as
// the service does for most of its newer routes: a client must not rely on being ignored.
type Kind = 'string' | 'integer' | 'array' | 'object'

export interface Field {
  readonly kind: Kind
  readonly required?: true
  readonly values?: readonly string[]
  readonly maxLength?: number
  readonly maxItems?: number
  /** the fields of an object, or of every item of an array */
  readonly fields?: Shape
}
export type Shape = Readonly<Record<string, Field>>

/** All problems of a body, in the service's words; empty if it fits. */
export function shapeProblems(body: unknown, shape: Shape, where = ''): string[] {
  if (!isRecord(body)) return [`For '${where === '' ? 'body' : where}', ${show(body)} is not an object.`]
  const prefix = where === '' ? '' : `For '${where}', `
  const missing = Object.entries(shape).filter(([key, field]) => field.required === true && body[key] === undefined)
  return [
    ...missing.map(([key]) => `${prefix}"${key}" wasn't supplied.`),
    ...Object.keys(body).flatMap((key) => {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (field === undefined) return [`${prefix}"${key}" is not a permitted key.`]
      return valueProblems(body[key], field, where === '' ? `properties/${key}` : `${where}/${key}`)
    }),
  ]
}

function valueProblems(value: unknown, field: Field, where: string): string[] {
  const fits = {
    string: typeof value === 'string',
    integer: Number.isInteger(value),
    array: Array.isArray(value),
    object: isRecord(value),
  }[field.kind]
  const article = field.kind === 'string' ? 'a' : 'an'
  if (!fits) return [`For '${where}', ${show(value)} is not ${article} ${field.kind}.`]
  const problems: string[] = []
  if (field.values !== undefined && !field.values.includes(value as string))
    problems.push(`For '${where}', ${show(value)} is not a member of ${JSON.stringify(field.values)}.`)
  if (typeof value === 'string' && field.maxLength !== undefined && value.length > field.maxLength)
    problems.push(`For '${where}', only ${field.maxLength} characters are allowed; ${value.length} were supplied.`)
  if (Array.isArray(value)) {
    if (field.maxItems !== undefined && value.length > field.maxItems)
      problems.push(`For '${where}', no more than ${field.maxItems} items are allowed; ${value.length} were supplied.`)
    const { fields } = field
    if (fields !== undefined) problems.push(...value.flatMap((item) => shapeProblems(item, fields, `${where}/items`)))
  } else if (field.kind === 'object' && field.fields !== undefined) {
    problems.push(...shapeProblems(value, field.fields, where))
  }
  return problems
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 80)
