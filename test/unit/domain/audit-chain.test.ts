import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  type AuditFacts,
  beginning,
  endFault,
  followChain,
  type Link,
  nextFrom,
  type SealedRow,
  sealText,
} from '../../../domain/audit-chain';

const mac = (keyId: string, text: string) =>
  keyId === 'lost' ? null : createHash('sha256').update(`${keyId} ${text}`).digest('base64url');

const word = fc.constantFrom('a', 'b', '"', ',', 'null', '');
const facts: fc.Arbitrary<AuditFacts> = fc.record({
  id: word,
  actorId: fc.option(word),
  event: word,
  outcome: word,
  subjectType: fc.option(word),
  subjectId: fc.option(word),
  details: word,
  requestId: fc.option(word),
  createdAt: word,
});

function chainOf(entries: readonly AuditFacts[], keyId = 'key'): SealedRow[] {
  let last: Link = beginning;
  return entries.map((entry) => {
    const place = { keyId, entryId: entry.id };
    last = { sequence: last.sequence + 1, mac: mac(keyId, sealText(last, place, entry)) ?? '' };
    return { seal: { ...last, ...place }, entry };
  });
}
const follow = (rows: readonly SealedRow[], head: Link | null = null) => followChain(beginning, rows, { head, mac });
const linkOf = ({ seal: { sequence, mac: code } }: SealedRow): Link => ({ sequence, mac: code });

const entries = fc.array(facts, { minLength: 2, maxLength: 8 });
const place = fc.nat({ max: 7 });

test('a chain that nobody touched is followed to its end, in one go or in parts', () => {
  fc.assert(
    fc.property(entries, place, (some, at) => {
      const rows = chainOf(some);
      const end = linkOf(rows.at(-1)!);
      expect(follow(rows, end)).toEqual({ last: end, fault: null });
      expect(endFault(end, end)).toBeNull();
      const { last } = follow(rows.slice(0, at));
      expect(followChain(last, rows.slice(at), { head: end, mac })).toEqual({ last: end, fault: null });
    }),
  );
});

test('whatever is changed in a row is found there, be it another text or another place for the same one', () => {
  fc.assert(
    fc.property(entries, place, facts, (some, at, other) => {
      const rows = chainOf(some);
      const n = at % rows.length;
      const row = rows[n]!;
      const changed = { ...other, id: row.entry!.id };
      fc.pre(JSON.stringify(changed) !== JSON.stringify(row.entry));
      const { last, fault } = follow(rows.with(n, { ...row, entry: changed }));
      expect(fault).toEqual({ kind: 'changed', sequence: n + 1, entryId: row.seal.entryId });
      expect(last.sequence).toBe(n);
    }),
  );
});

test('whatever is taken out is found where it was, and what is swapped at the first of the two', () => {
  fc.assert(
    fc.property(entries, place, place, (some, one, two) => {
      const rows = chainOf(some.map((entry, n) => ({ ...entry, id: `${n}` })));
      const [n, m] = [one % rows.length, two % rows.length].sort((x, y) => x - y) as [number, number];
      const without = rows.toSpliced(n, 1);
      const { last, fault } = follow(without);
      if (n < without.length) expect(fault).toEqual({ kind: 'seal_missing', sequence: n + 1, entryId: null });
      else expect(endFault(last, linkOf(rows[n]!))).toEqual({ kind: 'tail_missing', sequence: n + 1, entryId: null });
      expect(follow(rows.with(n, { ...rows[n]!, entry: null })).fault).toMatchObject({
        kind: 'entry_missing',
        sequence: n + 1,
      });
      if (n === m) return;
      const at = (from: SealedRow, to: SealedRow) => ({
        ...from,
        seal: { ...from.seal, sequence: to.seal.sequence },
      });
      const swapped = rows.with(n, at(rows[m]!, rows[n]!)).with(m, at(rows[n]!, rows[m]!));
      expect(follow(swapped).fault).toMatchObject({ kind: 'changed', sequence: n + 1 });
    }),
  );
});

const link = (sequence: number): Link => ({ sequence, mac: `m${sequence}` });
test.each([
  ['nothing sealed, nothing kept', beginning, null, null],
  ['no head', link(3), null, 'head_missing'],
  ['the head at the end', link(3), link(3), null],
  ['the head behind the end, since it is kept after the commit', link(3), link(2), null],
  ['the head beyond the end', link(3), link(5), 'tail_missing'],
])('the end of a chain: %s', (_, last, head, kind) => {
  expect(endFault(last, head)?.kind ?? null).toBe(kind);
});

test('a head that is on no such chain is found where the two part', () => {
  const some = fc.sample(facts, { numRuns: 3, seed: 1 });
  const rows = chainOf(some);
  expect(follow(rows, { sequence: 2, mac: 'other' })).toMatchObject({
    last: { sequence: 1 },
    fault: { kind: 'head_differs', sequence: 2 },
  });
});

test('without its key a row is not called changed', () => {
  const rows = chainOf(fc.sample(facts, { numRuns: 2, seed: 1 }), 'lost');
  expect(follow(rows).fault).toMatchObject({ kind: 'key_missing', sequence: 1 });
});

test('sealing goes on where the chain ends, or behind what was cut off', () => {
  expect(nextFrom(link(3), link(2))).toEqual(link(3));
  expect(nextFrom(link(3), null)).toEqual(link(3));
  expect(nextFrom(link(3), link(5))).toEqual(link(5));
});
