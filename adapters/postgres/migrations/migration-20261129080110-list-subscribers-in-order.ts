import { Migration } from '@mikro-orm/migrations';

/** Whoever tells a list's subscribers reads them in the order of their ids, a page at a time. */
export class Migration20261129080110ListSubscribersInOrder extends Migration {
  override up(): void {
    this.addSql(
      `create index "list_subscriptions_list_id_user_id_index" on "list_subscriptions" ("list_id", "user_id")`,
    );
    this.addSql(`drop index "list_subscriptions_list_id_index"`);
  }

  override down(): void {
    this.addSql(`create index "list_subscriptions_list_id_index" on "list_subscriptions" ("list_id")`);
    this.addSql(`drop index "list_subscriptions_list_id_user_id_index"`);
  }
}
