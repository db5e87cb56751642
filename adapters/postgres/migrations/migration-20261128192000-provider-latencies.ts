import { Migration } from '@mikro-orm/migrations';

/** How long a provider takes for each kind of call. */
export class Migration20261128192000ProviderLatencies extends Migration {
  override up(): void {
    this.addSql(
      `create table "provider_latencies" ("provider" varchar(20) not null, "endpoint" varchar(60) not null, "latency_ms" double precision not null,
         "calls" int not null default 0, "updated_at" timestamptz(3) not null default now(), constraint "provider_latencies_pkey" primary key ("provider", "endpoint"))`,
    );
  }

  override down(): void {
    this.addSql(`drop table "provider_latencies"`);
  }
}
