// The change between two commits, in our terms. Lines are counted as git counts them (LF only), from 1.

/** One hunk: `lines` are the new side's lines that a comment may stand on; deletions keep the new-side line before which they stood. */
export interface Hunk {
  readonly newStart: number
  readonly newLines: number
  readonly oldStart: number
  readonly oldLines: number
  /** new-side numbers of added lines, ascending */
  readonly added: readonly number[]
  /** for each run of deleted lines: the new-side line that now stands where it was (may be newStart + newLines) and its length */
  readonly deletions: readonly { readonly before: number; readonly count: number }[]
}

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed'

/** How far an anchor can be trusted: hunks sent by the host, hunks of our own making, or none. */
export type Anchoring = 'valid' | 'unknown'

export interface ChangedFile {
  readonly path: string
  /** the path at the base; differs for renames and copies; null for added files */
  readonly previousPath: string | null
  readonly status: FileStatus
  readonly hunks: readonly Hunk[]
  readonly anchoring: Anchoring
}

export interface ChangeSet {
  readonly files: readonly ChangedFile[]
}
