#!/usr/bin/env node
// The command line: calls main() and sets the exit code, nothing else.
// 0 nothing to object, 1 findings, 2 usage or configuration, 3 incomplete or failed.
import { main } from './cli/main.ts'

process.exitCode = await main(process.argv.slice(2))
