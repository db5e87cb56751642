import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens, or throws an error that names the setting when the port is taken. */
export async function listen(
  server: Server,
  { host, port, variable }: { host: string; port: number; variable: string },
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'EADDRINUSE'
        ? `Port ${port} is taken. Set ${variable} to a free one, or end what uses it.`
        : `Cannot listen on ${host}:${port} (${code ?? 'unknown'}).`,
    );
  }
}

/** Stops taking connections and waits for open requests, at most `seconds`; what is still open then is cut off. */
export async function drain(server: Server, seconds: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), seconds * 1000);
  await closed;
  clearTimeout(timer);
}
