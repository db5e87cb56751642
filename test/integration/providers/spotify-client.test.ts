import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSpotifyClient } from '../../../adapters/providers/spotify/client';
import type { SpotifyClient } from '../../../adapters/providers/spotify/types';
import { ProviderError } from '../../../domain/errors';
import { openGate } from './open-gate';

const auth = { accessToken: 'token', clientId: 'app', quota: 'q' };
const uris = ['spotify:track:a'];

describe('the Spotify client, against a server that misbehaves', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let gate: ReturnType<typeof openGate>;
  let calls: string[];
  let client: SpotifyClient;
  let url: string;

  // A server for each test: a request that the client gave up on may arrive long after.
  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    gate = openGate();
    calls = [];
    client = clientAt(url);
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function clientAt(apiUrl: string): SpotifyClient {
    const onCall = ({ endpoint, outcome }: { endpoint: string; outcome: string }) =>
      void calls.push(`${endpoint} ${outcome}`);
    return createSpotifyClient({ apiUrl, gate, timeoutSeconds: 0.3, onCall });
  }

  const failureOf = async (call: Promise<unknown>): Promise<ProviderError> => {
    const error: unknown = await call.then(
      () => new Error('It did not fail'),
      (caught: unknown) => caught,
    );
    if (!(error instanceof ProviderError)) throw error;
    return error;
  };

  it('closes the gate on a 429, and asks before each call', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '79892' }).end();
    const failure = await failureOf(client.profile(auth));
    expect(failure).toMatchObject({ failure: 'rate_limited', details: { retryAfterSeconds: 79_892 } });
    expect(gate).toMatchObject({ taken: ['q'], rateLimited: [79_892], successes: 0 });
    expect(calls).toEqual(['profile rate_limited']);
  });

  it('sends nothing while the gate is closed', async () => {
    let requests = 0;
    answer = (_request, response) => {
      requests += 1;
      response.end('{}');
    };
    gate.take = () => Promise.reject(new ProviderError('rate_limited', { retryAfterSeconds: 5 }));
    expect(await failureOf(client.saveToLibrary(auth, uris))).toMatchObject({ failure: 'rate_limited' });
    expect(requests).toBe(0);
    expect(calls).toEqual([]);
  });

  it('does not know what a write did when its answer is lost', async () => {
    answer = (request, response) => void request.resume().on('end', () => response.destroy());
    expect((await failureOf(client.removeFromLibrary(auth, uris))).failure).toBe('outcome_unknown');
    expect((await failureOf(client.insertPlaylistItems(auth, 'p', uris, 0))).failure).toBe('outcome_unknown');
    expect((await failureOf(client.libraryContains(auth, uris))).failure).toBe('unavailable');
  });

  it('sends a lost write only once', async () => {
    let requests = 0;
    answer = (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.destroy());
    };
    await failureOf(client.insertPlaylistItems(auth, 'p', uris, 0));
    await failureOf(client.libraryContains(auth, uris));
    expect(requests).toBe(2);
  });

  it('gives up on an answer that does not come, or does not end', async () => {
    answer = () => undefined;
    expect((await failureOf(client.saveToLibrary(auth, uris))).failure).toBe('outcome_unknown');
    answer = (_request, response) => void response.writeHead(200).write('{"items": [');
    expect((await failureOf(client.likedTracks(auth, { offset: 0, limit: 50 }))).failure).toBe('unavailable');
  });

  it('takes a success that it cannot read for an unknown outcome of a write', async () => {
    answer = (_request, response) => response.writeHead(201).end('<html>');
    expect((await failureOf(client.insertPlaylistItems(auth, 'p', uris, 0))).failure).toBe('outcome_unknown');
    answer = (_request, response) => response.writeHead(200).end('{"snapshot_id": 7}');
    expect((await failureOf(client.removePlaylistItems(auth, 'p', uris, null))).failure).toBe('outcome_unknown');
    expect((await failureOf(client.profile(auth))).failure).toBe('unavailable');
  });

  it('takes any 2xx for done where the body says nothing', async () => {
    for (const status of [200, 202, 204]) {
      answer = (_request, response) => response.writeHead(status).end();
      await expect(client.saveToLibrary(auth, uris)).resolves.toBeUndefined();
    }
  });

  it('knows that nothing reached a server that is not there', async () => {
    const away = clientAt('http://127.0.0.1:1/v1');
    expect((await failureOf(away.saveToLibrary(auth, uris))).failure).toBe('unavailable');
    expect(calls).toEqual(['library_save unavailable']);
  });

  it('follows no redirect, which would carry the token elsewhere', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    expect(await failureOf(client.profile(auth))).toMatchObject({ failure: 'unavailable', details: { status: 302 } });
  });

  it('refuses batches that Spotify would refuse, without a call', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `spotify:track:${index}`);
    expect((await failureOf(client.saveToLibrary(auth, many(41)))).failure).toBe('invalid');
    expect((await failureOf(client.removePlaylistItems(auth, 'p', many(101), null))).failure).toBe('invalid');
    expect((await failureOf(client.insertPlaylistItems(auth, 'p', [], 0))).failure).toBe('invalid');
    await expect(client.libraryContains(auth, [])).resolves.toEqual([]);
    expect(gate.taken).toEqual([]);
  });

  it('ends a read with the reason of a cancellation', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    answer = () => controller.abort(reason);
    const reading = client.profile({ ...auth, signal: controller.signal });
    await expect(reading).rejects.toBe(reason);
  });

  it('sends ids as they are, whatever is in them', async () => {
    const paths: string[] = [];
    answer = (request, response) => {
      paths.push(String(request.url));
      response.writeHead(404).end();
    };
    await failureOf(client.playlistItems(auth, '../me?x=1', { offset: 0, limit: 1 }));
    expect(paths).toEqual(['/v1/playlists/..%2Fme%3Fx%3D1/items?offset=0&limit=1&additional_types=track%2Cepisode']);
  });
});
