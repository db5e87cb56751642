import type { lookup, LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhookSender } from '../../../adapters/webhooks/send';

/** A name service that leads every name to these, and tells which were asked for. */
function leadingTo(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = (name: string, _options: unknown, done: (error: null, addresses: LookupAddress[]) => void) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, resolve: resolve as unknown as typeof lookup };
}

let server: Server;
let port = 0;
let taken = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    taken += 1;
    request.resume();
    response.writeHead(204, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  taken = 0;
});

const message = (url: string) => ({ id: 'message', url, secrets: ['whsec_c2VjcmV0'], body: '{}' });
const sender = (resolve: typeof lookup, allowLoopback = false) =>
  createWebhookSender({ allowLoopback, timeoutSeconds: 5, resolve });

describe('a public name', () => {
  it.each([
    ['a private network', ['10.1.2.3']],
    ['this machine', ['127.0.0.1']],
    ['the metadata service of a cloud', ['169.254.169.254']],
    ['this machine by IPv6', ['::1']],
    ['a private network behind an IPv6 address', ['::ffff:10.1.2.3']],
    ['a public and a private address', ['93.184.216.34', '192.168.0.1']],
    ['nowhere', []],
  ])('that leads to %s is not connected to', async (_, addresses) => {
    const names = leadingTo(addresses);
    const url = `https://hooks.example:${port}/`;
    expect(await sender(names.resolve)(message(url))).toEqual({ code: 'address_not_allowed' });
    expect(names.asked).toEqual(['hooks.example']);
    expect(taken).toBe(0);
  });

  it('is looked up for each connection: what was allowed before does not count', async () => {
    const names = leadingTo(['127.0.0.1'], ['10.1.2.3']);
    const send = sender(names.resolve, true);
    const url = `http://hooks.example:${port}/`;
    expect(await send(message(url))).toEqual({ status: 204 });
    expect(await send(message(url))).toEqual({ code: 'address_not_allowed' });
    expect(names.asked).toHaveLength(2);
    expect(taken).toBe(1);
  });
});

it('an address within a network is not connected to, without asking for any name', async () => {
  const names = leadingTo(['93.184.216.34']);
  expect(await sender(names.resolve)(message('https://192.168.0.1/'))).toEqual({ code: 'address_not_allowed' });
  expect(names.asked).toEqual([]);
});
