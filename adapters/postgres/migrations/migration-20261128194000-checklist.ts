import { Migration } from '@mikro-orm/migrations';

/** When a person ticked off what only they can do. */
export class Migration20261128194000Checklist extends Migration {
  override up(): void {
    this.addSql(`alter table "plan_items" add column "done_at" timestamptz(3) null`);
  }

  override down(): void {
    this.addSql(`alter table "plan_items" drop column "done_at"`);
  }
}
