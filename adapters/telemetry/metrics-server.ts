import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** `/metrics` on a port of its own, so that it is never public by accident. `Server-Timing` says how long rendering took. */
export function createMetricsServer(registry: Registry): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    const begun = performance.now();
    const timing = () => `render;dur=${(performance.now() - begun).toFixed(1)}`;
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType, 'Server-Timing': timing() }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}
