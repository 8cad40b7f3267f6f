// Rules about modules rather than about one operation: no entry point, a second phase that nothing registers, suppressions that do nothing.
// They have no database operations and no trace; their place is a line of the module.
import { hasDecoratedClass } from '../analysis/entries/decorated.ts'
import type { EntryFacts, EntryRequest } from '../analysis/evidence/facts.ts'
import type { RawFinding, RuleId } from '../findings/model.ts'
import { definitionIn } from '../ir/lookup.ts'
import type { FunctionIr, ModuleIr } from '../ir/model.ts'
import type { EntryRule, Profile } from '../profiles/model.ts'
import { matchingPaths } from '../text/glob.ts'
import { nearest } from '../text/nearest.ts'
import { folderOf } from '../program/marks.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import type { SourcePoint, SourceRange } from '../text/position.ts'
import { severityOf, type RuleContext } from './database.ts'
import type { Evaluated } from './evaluate.ts'
import { nodesIn } from '../ir/nodes.ts'
import { RULES } from './metadata.ts'
import { rangeOf } from './places.ts'

interface Draft {
  readonly rule: RuleId
  readonly entryPoint: string
  readonly workFunction: string
  readonly message: string
  readonly location: SourcePoint
  readonly advice?: string
  /** where a change can bring it about, besides its own line */
  readonly causes?: RawFinding['causes']
}

/** A finding without operations, or null when its rule is switched off. */
export function plainFinding(context: RuleContext, draft: Draft): RawFinding | null {
  const severity = severityOf(context, draft.rule)
  if (severity === 'off') return null
  return {
    rule: draft.rule,
    severity,
    confidence: 'high',
    fingerprint: context.fingerprint(draft.rule, draft.entryPoint, draft.workFunction),
    phase: null,
    entryPoint: draft.entryPoint,
    message: draft.message,
    advice: draft.advice ?? RULES[draft.rule].fix,
    operations: [],
    trace: [],
    guards: [],
    location: draft.location,
    suppression: null,
    workFunction: draft.workFunction,
    bodyHash: '',
    causes: draft.causes ?? [],
  }
}

/** Modules that the profile expects to have an entry point and that have none. */
export function missingEntries({ program, profiles, files, manifests, facts, context }: Evaluated): RawFinding[] {
  const out: RawFinding[] = []
  const called = facts.filter((f) => f.request.qualname !== null && f.found)
  const entered = new Set(called.map((f) => f.request.file))
  const gone = new Map(called.flatMap(entryOfGoneFile))
  for (const profile of profiles) {
    for (const file of expectedFiles(matchingPaths(files, profile.expectsEntry), files, manifests)) {
      const module = program.modules.get(file)
      // an unparsable file may have held one: it is incomplete, which says enough
      if (module === undefined || module.ir.problems.length > 0) continue
      const lost = gone.get(file)
      if ((entered.has(file) && lost === undefined) || isDecorated(module, profile.entries)) continue
      const slip = module.derive('entry point with a slip', (ir) => misspelt(ir))
      const finding = plainFinding(context, {
        rule: 'missing-initialize',
        entryPoint: file,
        workFunction: file,
        location: { file, line: lost?.line ?? 1, column: lost?.column ?? 1 },
        causes: lost !== undefined ? [lost] : slip === null ? [] : [rangeOf({ module, p: slip.np, e: slip.ne })],
        message:
          lost !== undefined
            ? `\`${file}\` imports \`${ENTRY}\`, and nothing in the tree defines it: the module cannot be validated.`
            : `\`${file}\` has no \`${ENTRY}(app_context)\`: the module cannot be validated.${slip === null ? '' : ` Is \`${slip.qualname}\` meant to be it?`}`,
      })
      if (finding !== null) out.push(finding)
    }
  }
  return out
}

/** The file of an entry point that only comes from a module of the tree that has no file, or does not define it; with the place of the import. */
function entryOfGoneFile({ request, definition, unknowns }: EntryFacts): [string, SourceRange][] {
  if (definition?.module.file !== request.file) return []
  const isGone = unknowns.some(
    ({ site, reason }) =>
      reason === 'unresolved-import' && site.module.file === request.file && site.p === definition.p,
  )
  return isGone ? [[request.file, rangeOf(definition)]] : []
}

/** The files that the profile expects to have an entry point; in a folder with a manifest only the one that it names. */
function expectedFiles(
  expected: readonly string[],
  files: readonly string[],
  manifests: Evaluated['manifests'],
): readonly string[] {
  if (manifests.size === 0) return expected
  const usual = new Set(expected)
  return files.filter((file) => {
    const named = manifests.get(folderOf(file))
    return named === undefined ? usual.has(file) : named === file
  })
}

/** What the message names. A profile that expects an entry point looks it up by this name. */
const ENTRY = 'initialize'

/** A function of the module whose name is nearly that of an entry point: what was meant, most likely. */
function misspelt(ir: ModuleIr): Pick<FunctionIr, 'qualname' | 'np' | 'ne'> | null {
  const name = nearest(ENTRY, ir.names)
  const near = name === null ? null : definitionIn(ir, name)
  return near === null || !('params' in near) ? null : { qualname: near.qualname, np: near.np, ne: near.ne }
}

function isDecorated(module: LoadedModule, rules: readonly EntryRule[]): boolean {
  return rules.some((rule) => rule.kind === 'decorated-class' && hasDecoratedClass(module, rule.decorators))
}

/** The second-phase functions that exist beside an entry point, to be analysed for the advisory rules. */
export function secondPhases(
  program: Program,
  profiles: readonly Profile[],
  requests: readonly EntryRequest[],
): { readonly file: string; readonly name: string; readonly profile: Profile }[] {
  return requests.flatMap((request) => {
    const profile = profiles.find((p) => p.id === request.profile)
    const module = program.modules.get(request.file)
    if (
      request.qualname === null ||
      request.qualname.includes('.') ||
      profile?.secondPhase === null ||
      profile?.secondPhase === undefined ||
      module === undefined
    )
      return []
    const { name } = profile.secondPhase
    // defined there, imported, or assigned: like the entry point itself
    return module.ir.names.includes(name) ? [{ file: request.file, name, profile }] : []
  })
}

/** A second-phase function that does database work and that no entry point registers. */
export function unregisteredHooks(
  program: Program,
  facts: readonly EntryFacts[],
  advisory: readonly EntryFacts[],
  context: RuleContext,
): RawFinding[] {
  const out: RawFinding[] = []
  for (const second of advisory) {
    const work = second.operations.filter((o) => o.phase !== 'import' && o.resolution !== 2)
    const { file, qualname } = second.request
    const place = second.definition
    if (work.length === 0 || qualname === null || place === null) continue
    const registered = facts.some((f) =>
      f.hooks.some((h) => h.module.file === place.module.file && h.qualname === qualname),
    )
    const entry = facts.find((f) => f.request.file === file && f.request.qualname !== null)
    // when the hook is called by mistake, that is the finding
    const called =
      entry?.hooksCalled.some((h) => h.argument.module.text.slice(h.argument.p, h.argument.e).includes(qualname)) ??
      false
    if (
      registered ||
      called ||
      entry === undefined ||
      isMentioned(program, { file, definedIn: place.module.file }, qualname)
    )
      continue
    const finding = plainFinding(context, {
      rule: 'missing-setup-hook',
      entryPoint: entry.request.id,
      workFunction: `${file}::${qualname}`,
      location: rangeOf(place),
      causes: [...work.map((operation) => rangeOf(operation.site)), ...importsOf(program.modules.get(file), qualname)],
      message: `\`${qualname}\` does database work, and nothing registers it: it never runs. Register it in \`${entry.request.qualname ?? 'initialize'}\`.`,
    })
    if (finding !== null) out.push(finding)
  }
  return out
}

/** Where a module imports a name. */
function importsOf(module: LoadedModule | undefined, name: string): SourceRange[] {
  if (module === undefined) return []
  const aliases = module.ir.body.flatMap((s) => (s.k === 'from' ? s.names : []))
  return aliases.filter((it) => (it.as ?? it.n) === name).map(({ p, e }) => rangeOf({ module, p, e }))
}

interface Home {
  /** the file of the entry point, which binds the name */
  readonly file: string
  readonly definedIn: string
}

/** Something else names the function (a lambda, a table, another module): it may well be registered in a way that was not seen. */
function isMentioned(program: Program, { file, definedIn }: Home, name: string): boolean {
  const says = (path: string): boolean =>
    nodesIn(program.modules.get(path)?.ir.body ?? []).some((node) => node.k === 'name' && node.id === name)
  if (says(file) || says(definedIn)) return true
  return [...program.modules.values()].some(
    ({ file: other, ir }) =>
      other !== file &&
      ir.body.some(
        (s) =>
          s.k === 'from' &&
          s.names.some((alias) => alias.n === name) &&
          isOneOf(program.resolve(other, s.module, s.level), [file, definedIn]),
      ),
  )
}

function isOneOf(result: ReturnType<Program['resolve']>, files: readonly string[]): boolean {
  return result.kind === 'file' && files.includes(result.file)
}

const DATABASE_RULES: ReadonlySet<string> = new Set([
  'database-in-phase-1',
  'database-at-import',
  'database-scheduled-in-phase-1',
  'hook-called-not-passed',
])

/** Suppressions that suppress nothing, and suppressions that give no reason (those have no effect). */
export function suppressionFindings(
  program: Program,
  facts: readonly EntryFacts[],
  otherwiseUsed: ReadonlySet<string>,
  context: RuleContext,
): RawFinding[] {
  const used = new Set([...otherwiseUsed, ...facts.flatMap((f) => f.suppressed.map((s) => `${s.file}:${s.line}`))])
  const out: (RawFinding | null)[] = []
  for (const file of [...new Set(facts.flatMap((f) => f.files))].toSorted()) {
    const ir = program.modules.get(file)?.ir
    for (const comment of ir?.suppressions ?? []) {
      const location = { file, line: comment.line, column: comment.column }
      const named = comment.rules.length === 0 ? '' : comment.rules.join(', ')
      const known = comment.rules.filter((rule) => Object.hasOwn(RULES, rule))
      if (comment.rules.length === 0 || comment.reason === '') {
        const what = comment.rules.length === 0 ? 'names no rule' : 'gives no reason'
        out.push(
          plainFinding(context, {
            rule: 'suppression-without-reason',
            entryPoint: file,
            workFunction: `${file}:${named}`,
            location,
            message: `This suppression ${what}, so it has no effect. Write \`# phasegate: ignore[rule] -- reason\`.`,
          }),
        )
      } else if (!used.has(`${file}:${comment.line}`) || known.length < comment.rules.length) {
        out.push(
          plainFinding(context, {
            rule: 'unused-suppression',
            entryPoint: file,
            workFunction: `${file}:${named}`,
            location,
            message: `This suppression of \`${named}\` suppresses nothing. Remove it.`,
          }),
        )
      }
    }
  }
  return out.filter((finding) => finding !== null)
}

/** In-source suppressions of findings that have no operations: the comment stands on (or above) the finding's line. */
export function suppressPlain(
  program: Program,
  findings: readonly RawFinding[],
): { readonly findings: readonly RawFinding[]; readonly used: ReadonlySet<string> } {
  const used = new Set<string>()
  const out = findings.map((finding) => {
    if (finding.operations.length > 0 || (DATABASE_RULES.has(finding.rule) && finding.operations.length > 0))
      return finding
    const comment = program.modules
      .get(finding.location.file)
      ?.ir.suppressions.find(
        (s) => s.target === finding.location.line && s.reason !== '' && s.rules.includes(finding.rule),
      )
    if (comment === undefined) return finding
    used.add(`${finding.location.file}:${comment.line}`)
    return { ...finding, suppression: { kind: 'inSource' as const, reason: comment.reason } }
  })
  return { findings: out, used }
}
