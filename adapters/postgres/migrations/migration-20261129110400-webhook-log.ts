import { Migration } from '@mikro-orm/migrations';

/** What came of each try of a message to a webhook, and the secret that a new one has replaced, for as long as both sign. */
export class Migration20261129110400WebhookLog extends Migration {
  override up(): void {
    this.addSql(
      `create table "webhook_attempts" ("id" uuid not null, "delivery_id" uuid not null, "status" int null, "failure_code" varchar(60) null, "duration_ms" int not null, "created_at" timestamptz(3) not null default now(), constraint "webhook_attempts_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "webhook_attempts_delivery_id_id_index" on "webhook_attempts" ("delivery_id", "id")`);
    this.addSql(
      `alter table "webhook_attempts" add constraint "webhook_attempts_delivery_id_foreign" foreign key ("delivery_id") references "webhook_deliveries" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`alter table "webhook_deliveries" add column "redeliveries" int not null default 0`);
    this.addSql(
      `alter table "webhooks" add column "former_secret" text null, add column "former_secret_until" timestamptz(3) null`,
    );
  }

  override down(): void {
    this.addSql(`alter table "webhooks" drop column "former_secret", drop column "former_secret_until"`);
    this.addSql(`alter table "webhook_deliveries" drop column "redeliveries"`);
    this.addSql(`drop table "webhook_attempts"`);
  }
}
