import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookReceiver {
  url: string;
  /** `webhook-id` of every message, in the order in which they came. */
  ids: string[];
  /** Statuses of the next answers; 204 afterwards. */
  answers: number[];
  close(): Promise<void>;
}

/** Somebody's server that messages are sent to. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const ids: string[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      ids.push(String(request.headers['webhook-id']));
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    ids,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
