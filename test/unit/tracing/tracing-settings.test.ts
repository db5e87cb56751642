import { tracingSettings } from '../../../adapters/environment/tracing-settings';

function settingsOf(env: Parameters<typeof tracingSettings>[0]) {
  const faults: string[] = [];
  return { settings: tracingSettings(env, faults), faults };
}
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test.each([
  {},
  { OTEL_SERVICE_NAME: 'music', OTEL_TRACES_SAMPLER: 'whatever' },
  { OTEL_TRACES_EXPORTER: 'none', ...endpoint },
  { OTEL_SDK_DISABLED: 'TRUE', OTEL_TRACES_EXPORTER: 'otlp', ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
])('%j traces nothing, and nothing is at fault', (env) => {
  expect(settingsOf(env)).toEqual({ settings: null, faults: [] });
});

test.each([
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
  [endpoint, 'http/protobuf'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/traces' }, 'http/protobuf'],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
  [{ ...endpoint, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, 'http/protobuf'],
])('%j traces by %s', (env, protocol) => {
  expect(settingsOf(env)).toEqual({ settings: { protocol }, faults: [] });
});

test.each([
  ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
  ['OTEL_TRACES_SAMPLER_ARG', 'a tenth'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
])('%s=%s is a fault where traces are on', (name, value) => {
  expect(settingsOf({ ...endpoint, [name]: value }).faults).toEqual([expect.stringContaining(`${name}:`)]);
});
