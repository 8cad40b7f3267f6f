// A content-addressed store of opaque strings that outlives a run. A damaged entry is a miss, never an error.
// Keys are content ids together with the version of what was stored.
export interface IrCache {
  get(id: string): string | null
  set(id: string, value: string): void
  flush(): void
}
