import { Migration } from '@mikro-orm/migrations';

/** A plan may put back what a file has. */
export class Migration20261128211000RestorePlans extends Migration {
  override up(): void {
    this.addSql(`alter table "plans" add column "file_generation_id" uuid null`);
  }

  override down(): void {
    this.addSql(`alter table "plans" drop column "file_generation_id"`);
  }
}
