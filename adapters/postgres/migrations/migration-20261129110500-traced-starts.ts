import { Migration } from '@mikro-orm/migrations';

/** A start remembers the trace that it was written in, so that it belongs to it whoever starts it, and when. */
export class Migration20261129110500TracedStarts extends Migration {
  override up(): void {
    this.addSql(`alter table "outbox" add column "traceparent" varchar(55) null`);
  }

  override down(): void {
    this.addSql(`alter table "outbox" drop column "traceparent"`);
  }
}
