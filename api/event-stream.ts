import { setMaxListeners } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';

/** How often a silent stream shows that it lives, in milliseconds. */
const heartbeatEvery = 15_000;

export interface EventStream {
  body: Readable;
  /** `id` is what a client that reconnects sends back as `Last-Event-ID`. */
  send(event: { id: string | number; event: string; data: unknown }): void;
  /** Whether the client takes what it is sent as fast as it comes; updates that the next replaces can be left out if not. */
  keepsUp(): boolean;
  end(): void;
}

/** Server-sent events, with a heartbeat comment. Ends with `closing`; `onEnd` is called once, however it ends. */
export function openEventStream(closing: AbortSignal, onEnd: () => void): EventStream {
  const body = new PassThrough();
  const beat = setInterval(() => void body.write(': still here\n\n'), heartbeatEvery).unref();
  const end = () => void body.end();
  const clean = () => {
    clearInterval(beat);
    closing.removeEventListener('abort', end);
    onEnd();
  };
  body.once('close', clean);
  // As many listeners as open streams, each taken off again: not a leak to be warned of.
  setMaxListeners(0, closing);
  closing.addEventListener('abort', end);
  if (closing.aborted) end();
  body.write('retry: 3000\n\n');
  return {
    body,
    send: ({ id, event, data }) => {
      if (!body.writableEnded) body.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    keepsUp: () => !body.writableNeedDrain,
    end,
  };
}
