import { createHeadFile } from '../../../adapters/audit-seal/head-file';
import { sealNext } from '../../../adapters/postgres/audit-seals';
import { erasePerson } from '../../../adapters/postgres/erasure-end';
import { newId } from '../../../adapters/postgres/ids';
import { onDatabase } from '../../../dev/engines/postgres/statements';
import { AuditStage } from './audit-stage';

let stage: AuditStage;
beforeEach(async () => {
  stage = await AuditStage.open();
});
afterEach(() => stage.close());

test('twenty write while three seal: every row has one place, without a gap', async () => {
  let writing = true;
  const sealers = Array.from({ length: 3 }, async () => {
    while (writing) await sealNext(stage.em, stage.sealing, 7);
  });
  const writers = Array.from({ length: 20 }, async (_, n) => {
    for (let k = 0; k < 5; k += 1) await stage.write(1 + (n % 3));
  });
  await Promise.all(writers);
  writing = false;
  await Promise.all(sealers);
  await stage.seal();
  const [counts] = await stage.rows(
    `select count(*)::int as entries, (select count(*)::int from audit_seals) as seals, (select max(sequence)::int from audit_seals) as last,
       (select count(*)::int from audit_unsealed) as waiting from audit_entries`,
  );
  expect(counts).toEqual({ entries: 195, seals: 195, last: 195, waiting: 0 });
  expect(await stage.check()).toMatchObject({ fault: null, complete: true, checked: 195, head: { sequence: 195 } });
});

test('rows whose writer died after the commit wait, are counted, and are sealed by whoever comes next', async () => {
  await stage.write(3);
  expect(await stage.check()).toMatchObject({
    fault: null,
    checked: 0,
    head: null,
    unsealed: { count: 3, late: false },
  });
  await stage.asSuperuser((run) => run(`update audit_unsealed set noted_at = now() - interval '6 minutes'`));
  expect(await stage.check()).toMatchObject({ fault: { kind: 'sealing_late' }, unsealed: { count: 3, late: true } });
  expect(await stage.seal()).toBe(3);
  expect(await stage.check()).toMatchObject({ fault: null, checked: 3, unsealed: { count: 0, since: null } });
});

test('a sealer that dies before its commit has sealed nothing, one that dies after it has lost nothing', async () => {
  await stage.write(3);
  let calls = 0;
  const dying = {
    ...stage.sealing.keys,
    mac: (keyId: string, text: string) => {
      if (++calls === 3) throw new Error('died');
      return stage.sealing.keys.mac(keyId, text);
    },
  };
  await expect(stage.seal({ ...stage.sealing, keys: dying })).rejects.toThrow('died');
  expect(await stage.rows(`select * from audit_seals`)).toEqual([]);

  const head = { ...createHeadFile(stage.headFile), write: () => Promise.reject(new Error('died')) };
  await expect(stage.seal({ ...stage.sealing, head })).rejects.toThrow('died');
  expect(await stage.rows(`select * from audit_unsealed`)).toEqual([]);
  expect(await stage.check()).toMatchObject({ checked: 3, fault: { kind: 'head_missing' } });
  expect(await stage.seal()).toBe(0);
  expect(await stage.check()).toMatchObject({ checked: 3, fault: null, head: { sequence: 3 } });

  await stage.write(2);
  await expect(stage.seal({ ...stage.sealing, head })).rejects.toThrow('died');
  expect(await stage.check()).toMatchObject({ checked: 5, fault: null, head: { sequence: 3 } });
  await stage.write(1);
  expect(await stage.seal()).toBe(1);
  expect(await stage.check()).toMatchObject({ checked: 6, fault: null, head: { sequence: 6 } });
});

test('keys change while the chain goes on; a key that is lost is named by the first row that needs it', async () => {
  const [oldest] = await stage.write(2);
  await stage.seal(stage.sealingWith('first'));
  await stage.write(2);
  await stage.seal(stage.sealingWith('second', 'first'));
  await stage.write(1);
  await stage.seal(stage.sealingWith('third', 'second', 'first'));
  expect(
    await stage.rows(`select key_id as key, count(*)::int as n from audit_seals group by key_id order by 1`),
  ).toEqual([
    { key: 'first', n: 2 },
    { key: 'second', n: 2 },
    { key: 'third', n: 1 },
  ]);
  expect(await stage.check(stage.sealingWith('third', 'second', 'first'))).toMatchObject({ fault: null, checked: 5 });
  expect((await stage.check(stage.sealingWith('third', 'second'))).fault).toEqual({
    kind: 'key_missing',
    sequence: 1,
    entryId: oldest,
  });
});

test('somebody’s erasure leaves the chain whole, and ids that name nobody', async () => {
  const userId = newId();
  await stage.em.execute(`insert into users (id, display_name, email) values (?, 'A Leaver', 'leaver@example.test')`, [
    userId,
  ]);
  await stage.write(3, userId);
  await stage.seal();
  const grants = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
  await stage.em.transactional((tx) => erasePerson(tx, { userId, grants, requestId: null }));
  await stage.seal();
  expect(await stage.check()).toMatchObject({ fault: null, complete: true, checked: 4 });
  expect(await stage.rows(`select id from users`)).toEqual([]);
  const kept = await stage.rows<{ line: string }>(`select row_to_json(a)::text as line from audit_entries a`);
  expect(kept.filter(({ line }) => /leaver/i.test(line))).toEqual([]);
  expect(kept.filter(({ line }) => line.includes(userId))).toHaveLength(4);
});

test('neither the application nor the tables’ owner changes or removes what is written', async () => {
  await stage.write(1);
  await stage.seal();
  for (const table of ['audit_entries', 'audit_seals']) {
    for (const statement of [`update ${table} set id = id`, `delete from ${table}`, `truncate ${table}`]) {
      const sql = table === 'audit_seals' ? statement.replace('id = id', 'mac = mac') : statement;
      await expect(stage.em.execute(sql)).rejects.toThrow(/permission denied/);
      await expect(onDatabase(stage.database.ownerUrl, (run) => run(sql))).rejects.toThrow(/only ever added/);
    }
  }
});
