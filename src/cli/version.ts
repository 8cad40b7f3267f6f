// The version that reports carry; package.json is the only place where it is written.
// It also names the cache's contents, so that an upgrade never reads what an older version stored.
import metadata from '../../package.json' with { type: 'json' }

export const TOOL_VERSION: string = metadata.version
