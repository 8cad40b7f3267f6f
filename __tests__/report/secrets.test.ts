// Secrets in quoted source: masked in every channel, found also where the quotation was cut, and ordinary code left alone.
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { workflowAnnotations } from '../../src/report/annotations.ts'
import { renderCheckRun } from '../../src/report/check.ts'
import { renderComment, renderFixed, renderStickySummary, renderSuppressed } from '../../src/report/comment.ts'
import { renderGithub } from '../../src/report/github.ts'
import { renderJson } from '../../src/report/json.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { quoted } from '../../src/report/redact.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { maskSecrets } from '../../src/report/secrets.ts'
import { renderJobSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { poisoned } from '../support/hostile.ts'
import { HEAD, context, fullReview } from '../support/review-fixture.ts'

describe('masked', () => {
  test.each([
    ['connect("postgres://u:pw@h")', 'connect("postgres://***@h")'],
    ["connect('postgres://u:p@ss/w0rd@h/db')", "connect('postgres://***@h/db')"],
    ['connect("redis://:pw@h"), connect("amqp://user@h")', 'connect("redis://***@h"), connect("amqp://***@h")'],
    ['f\'postgres://{c["user"]}:hunter2@h\'', "f'postgres://***@h'"],
    ['connect("postgres://u:hunt…', 'connect("postgres://***…'],
    ['connect("postgres://u:hunt', 'connect("postgres://***'],
    ['connect(password="hunter2", user="me")', 'connect(password="***", user="me")'],
    ['{"password": "hunter2", "user": "me"}', '{"password": "***", "user": "me"}'],
    ["getenv('DB_PASSWORD', 'hunter2')", "getenv('DB_PASSWORD', '***')"],
    ['config["secret_key"] = "abc"', 'config["secret_key"] = "***"'],
    ['connect("host=db password=hunter2 user=me")', 'connect("host=db password=*** user=me")'],
    ['api_token: str = "abc"', 'api_token: str = "***"'],
    ['auth("ghp_16C7e42F292c6912E7710c838347Ae178B4a")', 'auth("***")'],
    ['auth(ghs_a.b_c123456789)', 'auth(***)'],
    ['auth("AKIAIOSFODNN7EXAMPLE")', 'auth("***")'],
    ['auth("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.SflKxw")', 'auth("***")'],
    ['sign("-----BEGIN RSA PRIVATE KEY-----\\nMIIEow")', 'sign("-----BEGIN RSA PRIVATE KEY-----***'],
    ['f("9f86d081884c7d659a2feaa0c55ad015")', 'f("***")'],
    ['f("xK9mP2qL5vR8tW3yB6nD1cF4")', 'f("***")'],
    ['f("xK9mP2qL5vR8tW3', 'f("***'],
  ])('%s', (source, expected) => {
    expect(maskSecrets(source)).toBe(expected)
  })
})

describe('left alone', () => {
  test.each([
    ['session.execute(select(Item).where(Item.id == 12))'],
    ['session.execute("select title, author_id from books where published > 2020")'],
    ['connect("http://localhost:8080/path")'],
    ['connect("http://localhost:8080'],
    ['get_service("core.database.crud_service_version2")'],
    ['register("modules.standard.shop.services.ShopService")'],
    ['connect(password=settings.PASSWORD)'],
    ['load("a-very-long-name-of-a-file-in-2024")'],
    ['token_table.c.id == 1'],
    ["it doesn't run, isn't it"],
  ])('%s', (source) => {
    expect(maskSecrets(source)).toBe(source)
  })
})

/** The poisoned texts of a finding with the paths and names of the original: those are looked up, not quoted. */
function quotingOnly(poisonous: PlacedFinding, original: PlacedFinding): PlacedFinding {
  const { message, advice, suppression, suggestion } = poisonous
  const text = message
  const operations = original.operations.map((o) => ({ ...o, text }))
  const trace = original.trace.map((s) => ({ ...s, text }))
  const guards = original.guards.map((g) => ({ ...g, text }))
  return { ...original, message, advice, suppression, suggestion, operations, trace, guards }
}

test('every channel masks it, in every field', () => {
  const secret = 'hunter2'
  const text = `connect("postgres://u:${secret}@h", password="${secret}")`
  const review = poisoned(text)
  const safePaths: Review = {
    ...review,
    entryPoints: [],
    profiles: [],
    findings: fullReview.findings.map((f, i) => quotingOnly(review.findings[i] ?? f, f)),
    notFollowed: [{ file: 'a.py', line: 1, entryPoint: 'a.py', text, reason: 'exec' }],
    incomplete: [{ file: 'a.py', line: 1, reason: 'budget', message: text, entryPoints: [], decides: true }],
    suppressionsAdded: [{ file: 'a.py', line: 1, rules: [], reason: text }],
  }
  const comments = safePaths.findings.map((f) => renderComment([f], context))
  const outputs = [
    ...comments,
    ...comments.map((c) => renderFixed(c, HEAD)),
    ...comments.map((c) => renderSuppressed(c, text)),
    renderStickySummary(safePaths, context),
    JSON.stringify(renderCheckRun(safePaths, context)),
    renderJobSummary(safePaths, context),
    JSON.stringify(workflowAnnotations(safePaths)),
    renderGithub(safePaths),
    renderText(safePaths, { color: true, sources: () => text, width: 200 }),
    renderMarkdown(safePaths, context),
    renderJson(safePaths, '1'),
    renderSarif(safePaths, '1'),
  ]
  for (const output of outputs) {
    expect(output.replaceAll('\\', '')).toContain('***')
    expect(output).not.toContain(secret)
  }
})

test('any password in an address is gone, wherever the quotation is cut', () => {
  const password = fc.stringMatching(/^[A-Za-z!#$%^*()_+=.,:-]{6,30}$/)
  fc.assert(
    fc.property(password, fc.nat(80), (pw, cut) => {
      const source = `engine = create_engine("postgresql+asyncpg://service:${pw}@db.internal/main")`
      const seen = maskSecrets(source.slice(0, cut))
      // neither the password nor what is left of it after the cut
      const start = source.indexOf(pw)
      const shown = source.slice(start, Math.min(start + pw.length, Math.max(cut, start)))
      expect(shown !== '' && seen.includes(`service:${shown}`)).toBe(false)
    }),
  )
})

test('a line of a million units is cut before it is searched', () => {
  for (const unit of ['a', '(', ' ', '"', '\\', '://', 'a@', 'sk-', 'password=', "password='"]) {
    expect(maskSecrets(unit.repeat(1_000_000 / unit.length)).length).toBeLessThan(10_000)
  }
})

test('posted quotations are one line, with long literals and long expressions shortened', () => {
  expect(quoted(`execute(\n    "${'select a '.repeat(20)}"\n)`)).toBe(
    `execute( "${'select a '.repeat(20).slice(0, 59)}…" )`,
  )
  expect(quoted(`f(${'x, '.repeat(100)})`)).toHaveLength(160)
})
