// What the program is made of before anything is analysed: one immutable listing of files, read through a port.

/** One Python file of a commit or directory. `id` identifies its content (a git blob id, or a hash of the bytes). */
export interface FileEntry {
  /** relative to the analysed root, `/` as separator */
  readonly path: string
  readonly id: string
  readonly size: number
}

/** What could not be read, as a value. `missing-file`: listed but its content is not to be had. */
export interface UnreadableFile {
  readonly reason: 'missing-file' | 'unreadable'
  readonly message: string
}

/** A symbolic link or a submodule. */
export interface Link {
  readonly path: string
  /** known to lead to a directory; a commit does not say where its links lead */
  readonly isDirectory: boolean
}

/**
 * The port through which a program reads one commit. `list` gives every regular `.py` file (symlinks and submodules left out) and is
 * complete or throws; `read` answers for every entry asked, in any order, and never throws for a single file.
 */
export interface SourceReader {
  /** commit id, or null for a plain directory */
  readonly commit: string | null
  /** every read costs requests: look only where it is worth it */
  readonly remote?: boolean
  list(): Promise<readonly FileEntry[]>
  /** files that `marks.ts` names, listed as `list` lists Python; absent where there are none */
  marks?(): Promise<readonly FileEntry[]>
  /** symbolic links and submodules: `list` never follows them; absent where there are none */
  links?(): Promise<readonly Link[]>
  read(entries: readonly FileEntry[]): Promise<ReadonlyMap<string, Uint8Array | UnreadableFile>>
}
