import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSealKeys } from '../../../adapters/audit-seal/seal-keys';
import { newId } from '../../../adapters/postgres/ids';
import { beginning, sealText } from '../../../domain/audit-chain';
import { auditFactColumns, factsOf, type RawFacts } from '../../../adapters/postgres/audit-rows';
import { AuditStage } from './audit-stage';

const tables = ['audit_entries', 'audit_seals', 'audit_unsealed'] as const;
let stage: AuditStage;
/** Of the rows, by their places less one; the last one waits for its seal. */
let ids: string[];
let head: string;

beforeAll(async () => {
  stage = await AuditStage.open();
  ids = [...(await stage.write(6))];
  await stage.seal();
  ids.push(...(await stage.write(6)));
  await stage.seal();
  ids.push(...(await stage.write(1)));
  head = readFileSync(stage.headFile, 'utf8');
  await stage.asSuperuser(async (run) => {
    for (const table of tables) await run(`create table kept_${table} as select * from ${table}`);
  });
});
afterAll(() => stage?.close());
beforeEach(async () => {
  writeFileSync(stage.headFile, head);
  await stage.asSuperuser(async (run) => {
    await run(`truncate ${tables.join(', ')}`);
    for (const table of tables) await run(`insert into ${table} select * from kept_${table}`);
  });
  expect(await stage.check()).toMatchObject({ fault: null, complete: true, checked: 12, upTo: 12 });
});

const at = (sequence: number) => ids[sequence - 1] ?? '';
const entry = (sequence: number) => `id = '${at(sequence)}'`;

/** Seals made anew from a place on by somebody who knows how, but not the key. */
async function forge(from: number): Promise<string[]> {
  const keys = createSealKeys([{ kid: 'first', key: Buffer.alloc(32, 'guessed') }]);
  const facts = await stage.rows<RawFacts>(`select ${auditFactColumns} from audit_entries a order by a.id`);
  const seals = await stage.rows<{ mac: string }>(`select mac from audit_seals order by sequence`);
  let last = from === 1 ? beginning : { sequence: from - 1, mac: seals[from - 2]?.mac ?? '' };
  return facts.slice(from - 1, 12).map((raw) => {
    const seal = { keyId: 'first', entryId: raw.id ?? '' };
    last = { sequence: last.sequence + 1, mac: keys.mac('first', sealText(last, seal, factsOf(raw))) ?? '' };
    return `update audit_seals set mac = '${last.mac}' where sequence = ${last.sequence}`;
  });
}

interface Case {
  what: string;
  sql: () => string[] | Promise<string[]>;
  found: { kind: string; sequence: number | null; entryId: () => string | null };
}
const here = (kind: string, sequence: number): Case['found'] => ({ kind, sequence, entryId: () => at(sequence) });
const gone = (kind: string, sequence: number): Case['found'] => ({ kind, sequence, entryId: () => null });

const inserted = newId();
const cases: Case[] = [
  {
    what: 'a row’s outcome changed',
    sql: () => [`update audit_entries set outcome = 'denied' where ${entry(4)}`],
    found: here('changed', 4),
  },
  {
    what: 'a row’s details changed',
    sql: () => [`update audit_entries set details = details || '{"n": 99}' where ${entry(1)}`],
    found: here('changed', 1),
  },
  {
    what: 'somebody else put in as the one who did it',
    sql: () => [`update audit_entries set actor_id = '${inserted}' where ${entry(12)}`],
    found: here('changed', 12),
  },
  {
    what: 'a row moved by a millisecond',
    sql: () => [`update audit_entries set created_at = created_at + interval '1 millisecond' where ${entry(7)}`],
    found: here('changed', 7),
  },
  {
    what: 'a row deleted',
    sql: () => [`delete from audit_entries where ${entry(5)}`],
    found: here('entry_missing', 5),
  },
  {
    what: 'a row deleted with its seal',
    sql: () => [`delete from audit_entries where ${entry(5)}`, `delete from audit_seals where sequence = 5`],
    found: gone('seal_missing', 5),
  },
  {
    what: 'a row deleted with its seal, and those after it moved up',
    sql: () => [
      `delete from audit_entries where ${entry(5)}`,
      `delete from audit_seals where sequence = 5`,
      ...[6, 7, 8, 9, 10, 11, 12].map((n) => `update audit_seals set sequence = ${n - 1} where sequence = ${n}`),
    ],
    found: { kind: 'changed', sequence: 5, entryId: () => at(6) },
  },
  { what: 'a seal deleted', sql: () => [`delete from audit_seals where sequence = 8`], found: gone('seal_missing', 8) },
  {
    what: 'what two rows say swapped',
    sql: () => [
      `update audit_entries a set subject_id = b.subject_id, details = b.details from audit_entries b
       where (a.id, b.id) in (('${at(3)}', '${at(9)}'), ('${at(9)}', '${at(3)}'))`,
    ],
    found: here('changed', 3),
  },
  {
    what: 'the places of two rows swapped',
    sql: () => [
      `update audit_seals set entry_id = '${inserted}' where sequence = 3`,
      `update audit_seals set entry_id = '${at(3)}' where sequence = 9`,
      `update audit_seals set entry_id = '${at(9)}' where sequence = 3`,
    ],
    found: { kind: 'changed', sequence: 3, entryId: () => at(9) },
  },
  {
    what: 'the tail cut off',
    sql: () => [
      `delete from audit_entries where id >= '${at(10)}'`,
      `delete from audit_seals where sequence >= 10`,
      `delete from audit_unsealed`,
    ],
    found: gone('tail_missing', 10),
  },
  { what: 'everything removed', sql: () => [`truncate ${tables.join(', ')}`], found: gone('tail_missing', 1) },
  {
    what: 'a row changed, and all seals from there on made anew by another key',
    sql: async () => {
      await stage.asSuperuser((run) => run(`update audit_entries set outcome = 'denied' where ${entry(6)}`));
      return forge(6);
    },
    found: here('changed', 6),
  },
  {
    what: 'a row put in past the application',
    sql: () => [`insert into audit_entries (id, event, outcome) values ('${inserted}', 'role.granted', 'done')`],
    found: { kind: 'never_sealed', sequence: null, entryId: () => inserted },
  },
  {
    what: 'a row put in with a seal that somebody thought up',
    sql: () => [
      `insert into audit_entries (id, event, outcome) values ('${inserted}', 'role.granted', 'done')`,
      `insert into audit_seals (sequence, entry_id, key_id, mac) values (13, '${inserted}', 'first', '${'A'.repeat(43)}')`,
    ],
    found: { kind: 'changed', sequence: 13, entryId: () => inserted },
  },
  {
    what: 'a row deleted before it was sealed',
    sql: () => [`delete from audit_entries where ${entry(13)}`],
    found: { kind: 'entry_missing', sequence: null, entryId: () => at(13) },
  },
  {
    what: 'a row changed before it was sealed',
    sql: () => [`update audit_entries set outcome = 'denied' where ${entry(13)}`],
    found: { kind: 'changed', sequence: null, entryId: () => at(13) },
  },
  {
    what: 'the note deleted that a row waits for its seal',
    sql: () => [`delete from audit_unsealed`],
    found: { kind: 'never_sealed', sequence: null, entryId: () => at(13) },
  },
];

describe('found by its name', () => {
  test.each(cases)('$what', async ({ sql, found }) => {
    const statements = await sql();
    await stage.asSuperuser(async (run) => {
      for (const statement of statements) await run(statement);
    });
    const { fault } = await stage.check();
    expect(fault).toEqual({ ...found, entryId: found.entryId() });
  });
});

test('a cut tail stays to be seen, and what comes after it is sealed as ever', async () => {
  await stage.asSuperuser(async (run) => {
    await run(`delete from audit_entries where id >= '${at(10)}'`);
    await run(`delete from audit_seals where sequence >= 10`);
    await run(`delete from audit_unsealed`);
  });
  await stage.write(2);
  expect(await stage.seal()).toBe(2);
  expect(await stage.check()).toMatchObject({ upTo: 9, fault: { kind: 'seal_missing', sequence: 10 } });
  expect((await stage.sealing.head.read())?.sequence).toBe(14);
  expect(await stage.rows(`select sequence::int as n from audit_seals where sequence > 9 order by 1`)).toEqual([
    { n: 13 },
    { n: 14 },
  ]);
});

test.each([
  ['entry_missing', `delete from audit_entries`],
  ['changed', `update audit_entries set outcome = 'denied'`],
])('what was done to a row before it was sealed is seen afterwards, too (%s)', async (kind, statement) => {
  await stage.asSuperuser((run) => run(`${statement} where ${entry(13)}`));
  expect(await stage.seal()).toBe(1);
  expect((await stage.check()).fault).toEqual({ kind, sequence: 13, entryId: at(13) });
});

test.each([
  ['gone', (file: string) => rmSync(file)],
  ['damaged', (file: string) => writeFileSync(file, '{"sequence": 12')],
])('without the latest seal (%s) nobody says that all is well, until the next one is kept', async (_, harm) => {
  harm(stage.headFile);
  expect(await stage.check()).toMatchObject({ complete: true, fault: { kind: 'head_missing', sequence: 12 } });
  await stage.seal();
  expect(await stage.check()).toMatchObject({ fault: null, head: { sequence: 13 } });
});

test('a chain that is good in itself, and not the one whose latest seal was kept, is found', async () => {
  writeFileSync(stage.headFile, head.replace(/"mac":"[^"]+"/, `"mac":"${'A'.repeat(43)}"`));
  expect((await stage.check()).fault).toEqual({ kind: 'head_differs', sequence: 12, entryId: at(12) });
});
