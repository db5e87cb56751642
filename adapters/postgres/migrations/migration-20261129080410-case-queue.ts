import { Migration } from '@mikro-orm/migrations';

/** The queue by what it is read in order of, without what was decided long ago. */
export class Migration20261129080410CaseQueue extends Migration {
  override up(): void {
    this.addSql(`drop index "moderation_cases_state_priority_id_index"`);
    this.addSql(`create index moderation_cases_queue on moderation_cases (priority desc, id) where state <> 'decided'`);
  }

  override down(): void {
    this.addSql(`drop index moderation_cases_queue`);
    this.addSql(
      `create index "moderation_cases_state_priority_id_index" on "moderation_cases" ("state", "priority", "id")`,
    );
  }
}
