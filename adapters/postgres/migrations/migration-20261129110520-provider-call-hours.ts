import { Migration } from '@mikro-orm/migrations';

/** How calls to providers went, by the hour, over all processes. */
export class Migration20261129110520ProviderCallHours extends Migration {
  override up(): void {
    this.addSql(
      `create table "provider_call_hours" ("hour" timestamptz(3) not null, "provider" varchar(20) not null, "endpoint" varchar(60) not null, "outcome" varchar(30) not null,
         "calls" int not null, "seconds" double precision not null, constraint "provider_call_hours_pkey" primary key ("hour", "provider", "endpoint", "outcome"))`,
    );
  }

  override down(): void {
    this.addSql(`drop table "provider_call_hours"`);
  }
}
