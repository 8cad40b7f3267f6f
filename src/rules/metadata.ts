// What every rule claims, why it matters and how it is fixed: the one place for texts that reports, SARIF and `explain` print.
// A rule's id, severity and claim are public interface; the page under `docs` says the same at length.
import type { RuleId, Severity } from '../findings/model.ts'

/** The description of one rule. All texts are plain prose without markup. */
export interface RuleMetadata {
  readonly id: RuleId
  /** a few words, for lists */
  readonly title: string
  readonly defaultSeverity: Severity
  /** one sentence: what a finding of this rule says is true */
  readonly claim: string
  /** two or three sentences: what goes wrong at run time */
  readonly why: string
  /** the usual repair; a profile's own advice takes precedence */
  readonly fix: string
  /** path of the rule's page from the root of this project */
  readonly docs: `docs/rules/${RuleId}.md`
}

const WHY_PHASE_1 =
  'Phase 1 only registers: the database may not be ready yet, its tables are created in order, and concurrent work at start-up can deadlock. ' +
  "An error in one module's database work must not stop the registration of the others."

export const RULES: Readonly<Record<RuleId, RuleMetadata>> = {
  'database-in-phase-1': {
    id: 'database-in-phase-1',
    title: 'Database work in Phase 1',
    defaultSeverity: 'error',
    claim: 'A database operation, session, connection or model operation runs while a Phase-1 entry point runs.',
    why: WHY_PHASE_1,
    fix: 'Move the work into a function that runs after registration and register that function, or do the work on first use.',
    docs: 'docs/rules/database-in-phase-1.md',
  },
  'database-at-import': {
    id: 'database-at-import',
    title: 'Database work at import',
    defaultSeverity: 'error',
    claim:
      "A database operation, session, connection or model operation runs while the entry's module and what it imports are being imported.",
    why: 'Importing comes before Phase 1, so nothing has been set up: there may be no database yet, and no tables in it. Every command, test and worker that imports the module does the work again, and an error keeps the module from being registered at all.',
    fix: 'Move the work out of the module body, class body, decorator or default into a function that runs after registration.',
    docs: 'docs/rules/database-at-import.md',
  },
  'database-scheduled-in-phase-1': {
    id: 'database-scheduled-in-phase-1',
    title: 'Database work scheduled in Phase 1',
    defaultSeverity: 'warning',
    claim: 'Phase 1 starts a task, thread or timer that does database work.',
    why: 'Nobody waits for that work, so it runs whenever it happens to be let in: before the tables exist, or beside the set-up of another module, where it can deadlock. Its errors reach nobody.',
    fix: 'Start the task from a function that runs after registration, or register the work with the framework instead of starting it.',
    docs: 'docs/rules/database-scheduled-in-phase-1.md',
  },
  'hook-called-not-passed': {
    id: 'hook-called-not-passed',
    title: 'Hook called instead of passed',
    defaultSeverity: 'error',
    claim: 'A registration gets the result of calling a function, and that result cannot be called later.',
    why: 'A plain function has run by then, in Phase 1; an async one left a coroutine that nobody can call. The framework has nothing to run when the database is ready.',
    fix: 'Pass the function itself, without parentheses; bind arguments with functools.partial or a lambda.',
    docs: 'docs/rules/hook-called-not-passed.md',
  },
  'missing-setup-hook': {
    id: 'missing-setup-hook',
    title: 'Set-up hook not registered',
    defaultSeverity: 'warning',
    claim: "The module's Phase-2 function does database work and nothing registers it.",
    why: 'The framework only runs what was registered. The module starts without an error, and the work that its author prepared never happens.',
    fix: 'Register the function during initialize, for example with register_module_setup_hook.',
    docs: 'docs/rules/missing-setup-hook.md',
  },
  'missing-initialize': {
    id: 'missing-initialize',
    title: 'No entry point',
    defaultSeverity: 'warning',
    claim: 'A module that is expected to have a Phase-1 entry point has none, so it cannot be validated.',
    why: 'Without the entry point the framework does not register the module, and nothing can be said about its Phase 1: neither that it is clean nor that it is not. A typing error in the name looks exactly like this.',
    fix: 'Define the entry point under the name that the framework looks up, or exclude the file.',
    docs: 'docs/rules/missing-initialize.md',
  },
  'unregistered-model': {
    id: 'unregistered-model',
    title: 'Model not registered',
    defaultSeverity: 'note',
    claim: "A module's model classes are never passed to register_models.",
    why: 'The tables of registered models are created in the second phase. The table of a model that nobody registers may not exist when the module first uses it.',
    fix: 'Pass the model classes to register_models during initialize.',
    docs: 'docs/rules/unregistered-model.md',
  },
  'unchecked-database-service': {
    id: 'unchecked-database-service',
    title: 'Database service used without a check',
    defaultSeverity: 'note',
    claim: 'A Phase-2 function uses the database service without asking whether it exists and is initialised.',
    why: 'The service can be missing or not initialised, because another module failed or is disabled. Then the set-up ends with an attribute error instead of a message that says so.',
    fix: 'Ask for the service, check that it is there and initialised, and return early with a message if it is not.',
    docs: 'docs/rules/unchecked-database-service.md',
  },
  'not-followed': {
    id: 'not-followed',
    title: 'Call not followed',
    defaultSeverity: 'note',
    claim: 'A call that could reach the database could not be followed.',
    why: 'What such a call does is unknown, so "no finding" says nothing about it. The reason tells what was missing.',
    fix: 'Annotate the parameter, use a constant name, or describe the call in the configuration (services, operations, deferrals or invokers).',
    docs: 'docs/rules/not-followed.md',
  },
  'unused-suppression': {
    id: 'unused-suppression',
    title: 'Suppression without effect',
    defaultSeverity: 'warning',
    claim: 'A suppression comment suppresses nothing.',
    why: 'The work that it excused is gone or stands elsewhere. Left in place, the comment would hide the next finding that appears on its line.',
    fix: 'Remove the comment.',
    docs: 'docs/rules/unused-suppression.md',
  },
  'suppression-without-reason': {
    id: 'suppression-without-reason',
    title: 'Suppression without a reason',
    defaultSeverity: 'warning',
    claim: 'A suppression comment gives no reason.',
    why: 'A reviewer cannot tell an exception that was thought through from one that was in the way. Nobody will know when it may go.',
    fix: 'Write the reason after two dashes at the end of the comment.',
    docs: 'docs/rules/suppression-without-reason.md',
  },
}
