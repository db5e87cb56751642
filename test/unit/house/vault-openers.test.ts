import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealedColumns } from '../../../adapters/vault/sealed-columns';

/**
 * Who opens what is sealed. Tokens are opened where a provider is called with them, and where they are sealed anew; a flow's
 * secrets by the flow. Anybody else who wants to has to be written down here.
 */
const openers: Readonly<Record<string, readonly string[]>> = {
  'adapters/postgres/credential-access.ts': ['access'],
  'adapters/postgres/credentials.ts': ['access', 'refresh'],
  'adapters/postgres/kept-names.ts': ['name'],
  'activities/sign-in/deps.ts': ['callback', 'flow'],
  'activities/sign-in/kept-answer.ts': ['answer'],
  'activities/deliver-webhook.ts': ['formerWebhook', 'webhook'],
  'activities/vault-rotation.ts': ['whatever it seals anew'],
  'api/routes/me/webhooks.ts': ['formerWebhook', 'webhook'],
  'api/sign-in/callback.ts': ['callback'],
  'api/sign-in/posted-callback.ts': ['flow'],
};

const root = join(__dirname, '..', '..', '..');
const sources = ['activities', 'adapters', 'api', 'workers', 'workflows', 'ops'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const text = (file: string) => readFileSync(join(root, file), 'utf8');

/** The uses that a file names where it opens something. */
function opened(file: string): string[] {
  const calls = text(file)
    .split(/\bvault\.open\(/)
    .slice(1);
  const uses = calls.map((call) => /use: '(\w+)'/.exec(call.slice(0, 120))?.[1] ?? 'whatever it seals anew');
  return [...new Set(uses)].sort();
}

test('sealed values are opened where it is written down, and nowhere else', () => {
  const found = Object.fromEntries(sources.map((file) => [file, opened(file)]).filter(([, uses]) => uses?.length));
  expect(found).toEqual(openers);
});

test('no token is read out of its store by the API, which may only put one in', () => {
  const stores = sources.filter((file) => file.startsWith('api/') && text(file).includes('createCredentialStore'));
  expect(stores.filter((file) => /\bread\(/.test(text(file)))).toEqual([]);
});

test('each column is in the list once, and each opener’s uses are', () => {
  const places = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(new Set(places).size).toBe(places.length);
  const uses = sealedColumns.map(({ use }) => use as string);
  expect(new Set(uses).size).toBe(uses.length);
  for (const use of Object.values(openers).flat()) if (use !== 'whatever it seals anew') expect(uses).toContain(use);
});
