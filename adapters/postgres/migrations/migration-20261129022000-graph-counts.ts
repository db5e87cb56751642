import { Migration } from '@mikro-orm/migrations';

/** What the graph should hold, as it was counted last: to count it takes a look at every credit. */
export class Migration20261129022000GraphCounts extends Migration {
  override up(): void {
    this.addSql(
      `create table "graph_counts" ("id" smallint not null, "counts" jsonb null, "counted_at" timestamptz(3) null, "counted_in" pg_snapshot null,
         "begun_at" timestamptz(3) null, constraint "graph_counts_pkey" primary key ("id"))`,
    );
    this.addSql(`insert into "graph_counts" ("id") values (1)`);
  }

  override down(): void {
    this.addSql(`drop table "graph_counts"`);
  }
}
