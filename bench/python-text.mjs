// Python of the kind that applications consist of, made from a seed: the pieces from which bench/generate-tree.mjs builds files.
// Same seed, same text on every machine. Nothing here does database work in phase 1 unless its name says so.

/** A small generator of numbers below 1 (mulberry32), so that trees do not depend on the engine's own randomness. */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const NOUNS =
  'order item price stock label route parcel batch ledger ticket voucher member quota window policy shelf tariff bundle'.split(
    ' ',
  )
const VERBS = 'build merge split rank check sort group trim scale apply resolve collect'.split(' ')

/** Names and choices of one file. */
export function vocabulary(next) {
  const pick = (list) => list[Math.floor(next() * list.length)]
  let count = 0
  return {
    noun: () => pick(NOUNS),
    name: () => `${pick(VERBS)}_${pick(NOUNS)}_${count++}`,
    number: (below) => Math.floor(next() * below),
    pick,
  }
}

/** A pure function of 8 to 20 lines; later ones call earlier ones through `known`. */
export function pureFunction(words, known) {
  const name = words.name()
  const [a, b] = [words.noun(), `${words.noun()}_count`]
  const called = known.length > 0 ? `${words.pick(known)}(${b}, {"${a}": index})` : `${b} * index`
  known.push(name)
  return words.pick([
    [
      `def ${name}(${b}, options=None):`,
      `    """Order the ${a}s of one ${b} by weight."""`,
      '    options = options or {}',
      '    result = []',
      `    for index, ${a} in enumerate(sorted(options)):`,
      `        weight = ${called}`,
      `        if weight is None or not ${a}:`,
      '            continue',
      `        result.append((${a}, weight, f"{${a}}-{index:03d}"))`,
      `    return [entry for entry in result if entry[0] != "${words.noun()}"]`,
    ],
    [
      `def ${name}(${b}=${words.number(90)}, options=None):`,
      '    totals = {}',
      `    values = {key: ${words.number(9)} + position for position, key in enumerate(("${a}", "${words.noun()}", "${words.noun()}"))}`,
      '    try:',
      '        for key, value in values.items():',
      `            totals[key] = totals.get(key, 0) + value * ${words.number(7) + 1}`,
      '            if options and key in options:',
      '                totals[key] -= options[key]',
      '    except (KeyError, TypeError) as error:',
      `        logger.warning("no total for %s: %s", "${a}", error)`,
      '        return None',
      `    return sum(totals.values()) % ${words.number(97) + 3}`,
    ],
    [
      `def ${name}(${b}, options=None, *, limit=${words.number(50) + 1}):`,
      '    def keep(value):',
      `        return value is not None and value != ${words.number(30)}`,
      '',
      `    window = [${words.number(9)}, ${words.number(9)}, ${words.number(9)}, len(options or ())]`,
      '    kept = list(filter(keep, window))',
      '    while len(kept) > limit:',
      '        kept.pop()',
      `    first, *rest = kept or [0]`,
      `    return first + max(rest, default=${words.number(5)})`,
    ],
  ])
}

/** A dataclass with a property and a method. */
export function recordClass(words) {
  const name = `${capital(words.noun())}${capital(words.noun())}${words.number(1000)}`
  return [
    '@dataclass(frozen=True)',
    `class ${name}:`,
    `    """One ${words.noun()} as the API shows it."""`,
    '',
    '    key: str',
    `    ${words.noun()}_total: int = 0`,
    '    labels: list[str] = field(default_factory=list)',
    '',
    '    @property',
    '    def title(self) -> str:',
    `        return f"{self.key.title()} ({len(self.labels)})"`,
    '',
    '    def with_label(self, label: str):',
    '        if label in self.labels:',
    '            return self',
    `        return ${name}(key=self.key, labels=[*self.labels, label])`,
  ]
}

/** A repository or service method that works with the database: phase 2, reached from no entry point. */
export function phase2Method(words, model) {
  const name = words.name()
  return words.pick([
    [
      `    async def ${name}(self, key, limit=${words.number(90) + 10}):`,
      `        """Newest rows of ${model} first."""`,
      '        async with self.app_context.db_session() as session:',
      `            statement = select(${model}).where(${model}.key == key).order_by(${model}.id.desc()).limit(limit)`,
      '            rows = (await session.execute(statement)).scalars().all()',
      '            return [row.key for row in rows if row.total is not None]',
    ],
    [
      `    async def ${name}(self, values):`,
      '        async with self.app_context.db_session() as session:',
      '            try:',
      '                for value in values:',
      `                    session.add(${model}(key=value["key"], total=value.get("total", ${words.number(10)})))`,
      '                await session.commit()',
      '            except ValueError as error:',
      '                await session.rollback()',
      '                logger.error("rejected: %s", error)',
      '                raise',
    ],
    [
      `    def ${name}(self, keys):`,
      '        with self.app_context.db_sync_session() as session:',
      `            counts = session.execute(select(${model}.key, func.count(${model}.id)).group_by(${model}.key))`,
      '            return {key: count for key, count in counts if key in keys}',
    ],
  ])
}

export function modelClass(name, table, words) {
  return [
    `class ${name}(Base):`,
    `    __tablename__ = "${table}"`,
    '',
    '    id: Mapped[int] = mapped_column(primary_key=True)',
    '    key: Mapped[str] = mapped_column(String(120), index=True)',
    `    total: Mapped[int] = mapped_column(default=${words.number(10)})`,
    `    ${words.noun()}_note: Mapped[str | None]`,
    '',
    '    def __repr__(self):',
    `        return f"<${name} {self.key}>"`,
  ]
}

export function capital(word) {
  return word[0].toUpperCase() + word.slice(1)
}
