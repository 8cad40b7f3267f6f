// The version that reports and the user agent name; package.json is the only place where it is written.
import metadata from '../../package.json' with { type: 'json' }

export const TOOL_VERSION: string = metadata.version
