import { z } from 'zod';

const text = (what: string) => z.string().min(1).optional().describe(what);

/** OpenTelemetry's standard variables that decide something here; the others are read by its own code as they are. */
export const tracingVariables = {
  OTEL_TRACES_EXPORTER: text(
    'otlp sends traces (OpenTelemetry), none does not; otlp where an address is given below, else none.',
  ),
  OTEL_SDK_DISABLED: text('true switches tracing off, whatever else is set.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('Base address of the OTLP receiver; http://localhost:4318 by default.'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text('Whole address for traces, where it is not /v1/traces below the base.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: text('http/protobuf or http/json; http/protobuf by default.'),
  OTEL_EXPORTER_OTLP_HEADERS: text('Headers for the receiver, name=value, comma separated.'),
  OTEL_SERVICE_NAME: text('Name in traces; do-not-play-api and do-not-play-worker by default.'),
  OTEL_TRACES_SAMPLER: text(
    'Which traces are kept: always_on, always_off, traceidratio, or one of these behind parentbased_; parentbased_always_on by default.',
  ),
  OTEL_TRACES_SAMPLER_ARG: text('Part that a ratio keeps, from 0 to 1.'),
};

export interface TracingSettings {
  protocol: 'http/protobuf' | 'http/json';
}

type Variables = Partial<Record<keyof typeof tracingVariables, string>>;

const samplers = /^(parentbased_)?(always_on|always_off|traceidratio)$/;

/** Null where traces go nowhere; only where they go somewhere can a variable be at fault. */
export function tracingSettings(env: Variables, faults: string[]): TracingSettings | null {
  const addresses = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;
  const exporter = env.OTEL_TRACES_EXPORTER ?? (addresses.some((name) => env[name]) ? 'otlp' : 'none');
  if (exporter === 'none' || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return null;
  if (exporter !== 'otlp') faults.push('OTEL_TRACES_EXPORTER: must be otlp or none');
  for (const name of addresses) {
    const address = env[name];
    if (address !== undefined && !(URL.canParse(address) && /^https?:/i.test(address)))
      faults.push(`${name}: must be an address with http or https`);
  }
  if (env.OTEL_TRACES_SAMPLER !== undefined && !samplers.test(env.OTEL_TRACES_SAMPLER))
    faults.push('OTEL_TRACES_SAMPLER: is none of the known ones');
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1);
  if (!(ratio >= 0 && ratio <= 1)) faults.push('OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1');
  const protocol = env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
  if (protocol === 'http/protobuf' || protocol === 'http/json') return { protocol };
  faults.push('OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or http/json');
  return null;
}
