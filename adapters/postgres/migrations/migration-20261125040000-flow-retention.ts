import { Migration } from '@mikro-orm/migrations';

/** Flows whose details are still kept, so that the sweep doesn't read those of three months every minute. */
export class Migration20261125040000FlowRetention extends Migration {
  override up(): void {
    this.addSql(
      `create index oauth_transactions_with_details on oauth_transactions (expires_at) where cookie_hash <> ''`,
    );
  }

  override down(): void {
    this.addSql(`drop index oauth_transactions_with_details`);
  }
}
