import { Migration } from '@mikro-orm/migrations';

/** What a person said of single items of a plan, kept for when it is made anew. */
export class Migration20261128193000PlanChoices extends Migration {
  override up(): void {
    this.addSql(
      `create table "plan_choices" ("plan_id" uuid not null, "item_type" varchar(20) not null, "playlist_id" varchar(100) not null, "uri" varchar(300) not null,
         "included" boolean not null, "firm" boolean not null, constraint "plan_choices_pkey" primary key ("plan_id", "item_type", "playlist_id", "uri"))`,
    );
    this.addSql(
      `alter table "plan_choices" add constraint "plan_choices_plan_id_foreign" foreign key ("plan_id") references "plans" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`drop table "plan_choices"`);
  }
}
