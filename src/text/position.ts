// Places in a source text. Lines and columns count from 1, columns in UTF-16 units (the default of SARIF 2.1.0, section 3.30.6).

/** A half-open range of a file, as reports print it: `endColumn` is the column after the last unit. */
export interface SourceRange {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** One point of a file. */
export interface SourcePoint {
  readonly file: string
  readonly line: number
  readonly column: number
}
