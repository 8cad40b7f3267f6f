// What one entry point, and each module body that it imports, may cost. Budgets count steps, never time: verdicts are the same on every machine.
// Each use of one that runs out is reported as incomplete (budget).

/** Most calls analysed and expressions evaluated. */
export const MAX_CALLS = 20_000
export const MAX_OPERATIONS = 1_000_000
/** Depth of Python calls that is followed. A JavaScript stack of 984 KB holds more than this. */
export const MAX_DEPTH = 160
/** Expressions between two looks at the clock, which only ends a run: what is left is incomplete. */
export const EXPRESSIONS_A_LOOK = 4096
