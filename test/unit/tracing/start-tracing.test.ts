import { type ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { createLogger } from '../../../adapters/telemetry/logger';
import { inSpan } from '../../../adapters/tracing/spans';
import { currentTraceparent } from '../../../adapters/tracing/trace-context';
import { startTracing } from '../../../adapters/tracing/start-tracing';
import { DomainError } from '../../../domain/errors';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver';

let loaded = false;
jest.mock('@opentelemetry/sdk-trace-node', () => {
  loaded = true;
  return jest.requireActual<object>('@opentelemetry/sdk-trace-node');
});

const lines: string[] = [];
const log = createLogger('api', 'info', { write: (line) => void lines.push(line) });
const said = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
const flush = () =>
  ((trace.getTracerProvider() as ProxyTracerProvider).getDelegate() as NodeTracerProvider).forceFlush();

let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
});
afterAll(() => receiver.close());

test('off, nothing is loaded, nothing is sent, and work is done as it would be', async () => {
  const end = await startTracing(null, { process: 'api', log });
  expect(await inSpan({ name: 'work' }, () => Promise.resolve(currentTraceparent()))).toBeNull();
  await end();
  expect({ loaded, said: said(), requests: receiver.requests }).toEqual({ loaded: false, said: [], requests: [] });
});

test('on, spans go out under the process’s name, without what an error says, and an absent receiver is told of once', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  const end = await startTracing({ protocol: 'http/protobuf' }, { process: 'api', log });
  const fail = () =>
    inSpan({ name: 'work' }, () => Promise.reject(new DomainError('not_found', { params: { secret: 'Bob' } })));
  receiver.answer(400);
  for (const _ of [1, 2]) {
    await expect(fail()).rejects.toThrow(DomainError);
    await flush().catch(() => undefined);
  }
  receiver.answer(200);
  await expect(fail()).rejects.toThrow(DomainError);
  await end();
  expect(receiver.requests.map(({ path, type }) => `${type} ${path}`)).toEqual(
    Array(3).fill('application/x-protobuf /v1/traces'),
  );
  const sent = receiver.requests.map(({ body }) => body.toString('latin1')).join('');
  for (const word of ['do-not-play-api', 'work', 'not_found']) expect(sent).toContain(word);
  for (const word of ['Bob', 'secret', __filename, 'exception']) expect(sent).not.toContain(word);
  expect(said()).toEqual(['tracing', 'spans could not be sent and are dropped', 'spans are sent again']);
});
