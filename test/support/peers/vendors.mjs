import { createServer } from 'node:net';
import { createEmulator } from 'emulate';

/**
 * Google, Apple and GitHub as `emulate` plays them, one process for all three. Takes the redirect addresses of our API as
 * JSON in its first argument, and tells its parent where each service is.
 */
const redirects = JSON.parse(process.argv[2]);

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const people = [
  { login: 'odette', email: 'odette@peer.test', name: 'Odette Kestrelmoor' },
  { login: 'bastian', email: 'bastian@peer.test', name: 'Bastian Fenwraith' },
];
const client = (service, id) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  name: 'Do Not Play',
  redirect_uris: [redirects[service]],
});
const seeds = {
  google: {
    users: people.map(({ email, name }) => ({ email, name })),
    oauth_clients: [client('google', 'peer-google')],
  },
  apple: {
    users: [
      { email: people[0].email, name: people[0].name },
      { email: people[1].email, name: people[1].name },
      { email: 'clemence@peer.test', name: 'Clemence Marrowgate', is_private_email: true },
    ],
    oauth_clients: [{ ...client('apple', 'peer-apple'), team_id: 'TEAM123456' }],
  },
  github: { users: people, oauth_apps: [client('github', 'peer-github')] },
};

const urls = {};
for (const [service, seed] of Object.entries(seeds)) {
  const port = await freePort();
  const { url } = await createEmulator({ service, port, seed: { [service]: seed } });
  urls[service] = url;
}
process.on('disconnect', () => process.exit(0));
process.send(urls);
