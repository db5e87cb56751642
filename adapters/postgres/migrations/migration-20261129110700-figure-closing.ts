import { Migration } from '@mikro-orm/migrations';

/** How far everybody's figures are summed by day, and days of which figures went since. */
export class Migration20261129110700FigureClosing extends Migration {
  override up(): void {
    this.addSql(
      `create table "figure_closing" ("id" smallint not null, "closed_to" date null, "looked_to" timestamptz(3) null, constraint "figure_closing_pkey" primary key ("id"))`,
    );
    this.addSql(`insert into figure_closing (id) values (1)`);
    this.addSql(`create table "figure_day_changes" ("id" bigserial primary key, "day" date not null)`);
    this.addSql(`create index "figure_day_changes_day_index" on "figure_day_changes" ("day")`);
    this.addSql(`create function person_figures_note_gone() returns trigger language plpgsql as $$ begin
      insert into figure_day_changes (day) select distinct day from old_rows;
      return null;
    end $$`);
    this.addSql(
      `create trigger person_figures_gone after delete on person_figures referencing old table as old_rows for each statement execute function person_figures_note_gone()`,
    );
  }

  override down(): void {
    this.addSql(`drop function person_figures_note_gone() cascade`);
    for (const table of ['figure_day_changes', 'figure_closing']) this.addSql(`drop table "${table}"`);
  }
}
