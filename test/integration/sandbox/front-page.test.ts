import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

test('the front page names the services, and each of its links leads somewhere', async () => {
  const page = await (await fetch(sandbox.url)).text();
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');
  expect(links.length).toBeGreaterThan(2);
  for (const service of ['Google', 'Apple', 'GitHub', 'Spotify']) expect(page).toContain(service);
  for (const link of links) expect([link, (await fetch(`${sandbox.url}${link}`)).status]).toEqual([link, 200]);
});
