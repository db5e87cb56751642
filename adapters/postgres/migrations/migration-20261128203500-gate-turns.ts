import { Migration } from '@mikro-orm/migrations';

/** Whose turn it is at a provider's gate. */
export class Migration20261128203500GateTurns extends Migration {
  override up(): void {
    this.addSql(
      `create table "provider_gate_turns" ("quota" varchar(60) not null, "party" uuid not null, "served_at" timestamptz(3) null, "wanted_until" timestamptz(3) null,
         constraint "provider_gate_turns_pkey" primary key ("quota", "party"))`,
    );
  }

  override down(): void {
    this.addSql(`drop table "provider_gate_turns"`);
  }
}
