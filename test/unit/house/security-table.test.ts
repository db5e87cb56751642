import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const text = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| -'));
const named = [...text.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }));

test('every test that docs/security.md names is in the file that it names', () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file, name }) => {
    const path = join(root, file);
    if (!existsSync(path)) return true;
    const source = readFileSync(path, 'utf8');
    return ![`'${name}'`, `"${name}"`, `\`${name}\``].some((title) => source.includes(title));
  });
  expect(missing).toEqual([]);
});

test('no file is named without one of its tests', () => {
  expect(text.match(/test\/[\w./-]+\.test\.ts/g)).toHaveLength(named.length);
});

test('every item of ASVS 5.0 V10 is there, in order', () => {
  const sections: Record<string, number> = { 1: 2, 2: 3, 3: 5, 4: 16, 5: 5, 6: 2, 7: 3 };
  const all = Object.entries(sections).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, n) => `10.${section}.${n + 1}`),
  );
  const told = rows.flatMap((row) => {
    const [, first = '', , last] = /^\| (10\.\d+\.\d+)( – (10\.\d+\.\d+))? /.exec(row) ?? [];
    if (!first) return [];
    return last ? all.slice(all.indexOf(first), all.indexOf(last) + 1) : [first];
  });
  expect(told).toEqual(all);
});

test('each row shows a test, or says why there is none', () => {
  const silent = rows
    .filter((row) => /^\| (10\.|[24]\.\d)/.test(row))
    .filter((row) => !row.includes('`test/') && !row.includes('Not applicable: '));
  expect(silent).toEqual([]);
});
