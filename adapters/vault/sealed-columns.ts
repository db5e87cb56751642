import type { SealContext } from './vault';

/** Where one kind of sealed value is kept. The table's key is also the `sub` that its values are sealed for. */
export interface SealedColumn {
  use: SealContext['use'];
  table: string;
  /** Its primary key, a UUID. */
  key: string;
  /** Text; null, or empty where what was there has been forgotten. */
  column: string;
  /** A column that repeats the id of the key it is sealed under, where there is one. */
  keyIdColumn?: string;
}

/** One column for each use: what is sealed for a new one cannot be compiled until rotation knows where to find it. */
const columns: Record<SealContext['use'], Omit<SealedColumn, 'use'>> = {
  access: { table: 'credentials', key: 'owner_id', column: 'access_token', keyIdColumn: 'key_id' },
  refresh: { table: 'credentials', key: 'owner_id', column: 'refresh_token' },
  flow: { table: 'oauth_transactions', key: 'id', column: 'flow_secrets' },
  callback: { table: 'oauth_transactions', key: 'id', column: 'callback_secrets' },
  answer: { table: 'oauth_transactions', key: 'id', column: 'raw_answer' },
  name: { table: 'kept_names', key: 'id', column: 'sealed' },
  webhook: { table: 'webhooks', key: 'id', column: 'secret' },
  formerWebhook: { table: 'webhooks', key: 'id', column: 'former_secret' },
};

/** Every column that holds sealed values, in the order in which a rotation goes through them. */
export const sealedColumns: readonly SealedColumn[] = (Object.keys(columns) as SealContext['use'][]).map((use) => ({
  use,
  ...columns[use],
}));
