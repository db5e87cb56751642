import { Configuration, PostgreSqlPlatform } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { PostgresDriver } from '../../adapters/postgres/driver';
import { ormOptions } from '../../adapters/postgres/orm';

const options = ormOptions('postgres://somebody@127.0.0.1/nothing');
const ours = new PostgresDriver(new Configuration(options)).getPlatform();
const theirs = new PostgreSqlPlatform();
const query = `select ?, \\?`;

test('values stand in statements as MikroORM and libpq would write them', () => {
  expect(options.driver).toBe(PostgresDriver);
  expect(ours.formatQuery(query, [`it's \\ "?"`])).toBe(`select  E'it''s \\\\ "?"', ?`);
  const letters = fc.constantFrom("'", '\\', '"', '?', '$1', '\n', '𝄞', 'é', 'x');
  const texts = fc.oneof(fc.string({ unit: letters }), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(
      fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null), fc.array(texts, { minLength: 1 })),
      (value) => {
        expect(ours.formatQuery(query, [value])).toBe(theirs.formatQuery(query, [value]));
      },
    ),
  );
});
