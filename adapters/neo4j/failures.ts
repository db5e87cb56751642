import { Neo4jError } from 'neo4j-driver';
import { DomainError } from '../../domain/errors';

/**
 * Codes of Neo4j's, and of its driver's, that speak of the engine and not of our question: it is away, is starting, lets us
 * not in, or has ended what took too long.
 */
const away = [
  'ServiceUnavailable',
  'SessionExpired',
  'N/A',
  'Neo.ClientError.Security.',
  'Neo.ClientError.Database.',
  'Neo.ClientError.Transaction.TransactionTimedOut',
  'Neo.TransientError.',
];

/** Casts what means that the graph cannot answer now into `graph_unavailable`; everything else is a fault of ours and stays. */
export function castGraphFailure(error: unknown): unknown {
  if (!(error instanceof Neo4jError)) return error;
  const { code } = error;
  return away.some((start) => code.startsWith(start)) ? new DomainError('graph_unavailable') : error;
}
