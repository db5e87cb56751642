import { Client, Connection } from '@temporalio/client';
import { traceCarrier } from './trace-carrier';

export interface TemporalAddress {
  address: string;
  namespace: string;
}

/** A connection to Temporal whose failures are cut down to codes. Close it with `client.connection.close()`. */
export async function openTemporal({ address, namespace }: TemporalAddress): Promise<Client> {
  const connection = await Connection.connect({ address, connectTimeout: '5s' });
  return clientOver(connection, namespace);
}

/** The same, connecting when first used, so that a process can start while Temporal is away. */
export function lazyTemporal({ address, namespace }: TemporalAddress): Client {
  return clientOver(Connection.lazy({ address, connectTimeout: '5s' }), namespace);
}

function clientOver(connection: Connection, namespace: string): Client {
  return new Client({
    connection,
    namespace,
    dataConverter: { failureConverterPath: require.resolve('./failure-converter') },
    interceptors: { workflow: [traceCarrier] },
  });
}
