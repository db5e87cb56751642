import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';
import type { TracingSettings } from '../environment/tracing-settings';
import { spanIds } from './span-ids';

/** Milliseconds that the end of a process waits for the last spans to be sent. */
const patience = 2_000;

/**
 * Has this process's spans sent to an OTLP receiver; where that is off, nothing is loaded and nothing happens. What the standard
 * variables say of address, headers, sampling, batches and limits is read by OpenTelemetry's own code.
 * @returns what sends the last spans and ends it
 */
export async function startTracing(
  settings: TracingSettings | null,
  { process, log }: { process: 'api' | 'worker'; log: Logger },
): Promise<() => Promise<void>> {
  if (!settings) return () => Promise.resolve();
  const [sdk, resources, exporter] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
    otlpExporter(settings.protocol),
  ]);
  const named = resources.resourceFromAttributes({ 'service.name': `do-not-play-${process}`, 'dnp.process': process });
  const provider = new sdk.NodeTracerProvider({
    resource: named.merge(resources.detectResources({ detectors: [resources.envDetector] })),
    idGenerator: spanIds,
    spanProcessors: [new sdk.BatchSpanProcessor(telling(exporter, log))],
  });
  // Nothing is read from or written into anybody's headers but by code of ours: no baggage, no outgoing traceparent.
  provider.register({ propagator: null });
  log.info({ protocol: settings.protocol }, 'tracing');
  return async () => {
    const ended = provider.shutdown().catch(() => undefined);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
  };
}

async function otlpExporter(protocol: TracingSettings['protocol']): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** Spans that nobody takes are dropped: said once when it begins, and once when it is over. */
function telling(exporter: SpanExporter, log: Logger): SpanExporter {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !failing) log.warn({ spans: spans.length }, 'spans could not be sent and are dropped');
        if (!failed && failing) log.info('spans are sent again');
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
