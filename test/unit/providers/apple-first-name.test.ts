import { nameInUserField } from '../../../adapters/providers/apple/first-name';

test.each([
  ['{"name":{"firstName":"Odalys","lastName":"Brennvik"},"email":"a@example.test"}', 'Odalys Brennvik'],
  ['{"name":{"firstName":"Odalys"}}', 'Odalys'],
  ['{"name":{"lastName":" Brennvik "}}', 'Brennvik'],
  ['{"name":{"firstName":["Odalys"],"lastName":7}}', null],
  ['{"name":"Odalys"}', null],
  ['{"name":null}', null],
  ['{"email":"a@example.test"}', null],
  ['[]', null],
  ['not JSON', null],
  [`{"name":{"firstName":"${'x'.repeat(4000)}"}}`, null],
  [undefined, null],
])('%s gives %s', (user, name) => {
  expect(nameInUserField(user)).toBe(name);
});
