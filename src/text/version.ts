// The version that reports, the user agent and the cache carry; package.json is the only place where it is written.
// An upgrade therefore never reads what an older version stored.
import metadata from '../../package.json' with { type: 'json' }

export const TOOL_VERSION: string = metadata.version
