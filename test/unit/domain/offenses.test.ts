import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { offenseCategories, offenseSeverityMeanings, offenseStatuses } from '../../../domain/offenses';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'offenses.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('the page about offenses has every category, in the order in which they are tried, and every severity and status', () => {
  const codes = new Set(Object.keys(offenseCategories).map((code) => `\`${code}\``));
  expect(rows.filter(([code = '']) => codes.has(code))).toEqual(
    Object.entries(offenseCategories).map(([code, { title, description }]) => [`\`${code}\``, title, description]),
  );
  for (const [code, meaning] of Object.entries(offenseSeverityMeanings))
    expect(rows).toContainEqual([`\`${code}\``, meaning]);
  for (const status of offenseStatuses) expect(rows.some(([code]) => code === `\`${status}\``)).toBe(true);
});
