import { Migration } from '@mikro-orm/migrations';

/**
 * What the graph has taken over is a snapshot, not a number: a transaction that stays open, in whichever database of the server,
 * would hold a number back. Changes are paged by what changed.
 */
export class Migration20261129015000GraphSnapshots extends Migration {
  override up(): void {
    this.addSql(`alter table "graph_feed" add column "forgotten" pg_snapshot not null default pg_current_snapshot()`);
    this.addSql(`update "graph_feed" set "forgotten" = ("floor"::text || ':' || "floor"::text || ':')::pg_snapshot`);
    this.addSql(`alter table "graph_feed" drop column "floor"`);
    this.addSql(
      `alter table "graph_changes" drop constraint "graph_changes_pkey", add constraint "graph_changes_pkey" primary key ("kind", "subject_id", "txid")`,
    );
  }

  override down(): void {
    this.addSql(
      `alter table "graph_changes" drop constraint "graph_changes_pkey", add constraint "graph_changes_pkey" primary key ("txid", "kind", "subject_id")`,
    );
    this.addSql(`alter table "graph_feed" add column "floor" xid8 not null default pg_current_xact_id()`);
    this.addSql(`update "graph_feed" set "floor" = pg_snapshot_xmax("forgotten")`);
    this.addSql(`alter table "graph_feed" drop column "forgotten"`);
  }
}
