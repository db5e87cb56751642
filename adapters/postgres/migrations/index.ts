import type { MigrationObject } from '@mikro-orm/core';
import { Migration20261124000000Initial } from './migration-20261124000000-initial';
import { Migration20261125010000AccountMerges } from './migration-20261125010000-account-merges';
import { Migration20261125020000AccountExports } from './migration-20261125020000-account-exports';
import { Migration20261125030000IdentityNames } from './migration-20261125030000-identity-names';
import { Migration20261125040000FlowRetention } from './migration-20261125040000-flow-retention';
import { Migration20261125100000AppleMusicConsents } from './migration-20261125100000-apple-music-consents';
import { Migration20261125110000ProviderApps } from './migration-20261125110000-provider-apps';
import { Migration20261125120000CredentialChecks } from './migration-20261125120000-credential-checks';
import { Migration20261125130000Announcements } from './migration-20261125130000-announcements';
import { Migration20261125140000Disconnection } from './migration-20261125140000-disconnection';
import { Migration20261125160000Exceptions } from './migration-20261125160000-exceptions';
import { Migration20261128192000ProviderLatencies } from './migration-20261128192000-provider-latencies';
import { Migration20261128193000PlanChoices } from './migration-20261128193000-plan-choices';
import { Migration20261128200000SpotifyAppFindings } from './migration-20261128200000-spotify-app-findings';
import { Migration20261128202000BlockEnds } from './migration-20261128202000-block-ends';
import { Migration20261128202500Schedules } from './migration-20261128202500-schedules';

/** Every migration, oldest first. */
export const migrations: MigrationObject[] = [
  { name: '20261124000000_initial', class: Migration20261124000000Initial },
  { name: '20261125010000_account_merges', class: Migration20261125010000AccountMerges },
  { name: '20261125020000_account_exports', class: Migration20261125020000AccountExports },
  { name: '20261125030000_identity_names', class: Migration20261125030000IdentityNames },
  { name: '20261125040000_flow_retention', class: Migration20261125040000FlowRetention },
  { name: '20261125100000_apple_music_consents', class: Migration20261125100000AppleMusicConsents },
  { name: '20261125110000_provider_apps', class: Migration20261125110000ProviderApps },
  { name: '20261125120000_credential_checks', class: Migration20261125120000CredentialChecks },
  { name: '20261125130000_announcements', class: Migration20261125130000Announcements },
  { name: '20261125140000_disconnection', class: Migration20261125140000Disconnection },
  { name: '20261125160000_exceptions', class: Migration20261125160000Exceptions },
  { name: '20261128192000_provider_latencies', class: Migration20261128192000ProviderLatencies },
  { name: '20261128193000_plan_choices', class: Migration20261128193000PlanChoices },
  { name: '20261128200000_spotify_app_findings', class: Migration20261128200000SpotifyAppFindings },
  { name: '20261128202000_block_ends', class: Migration20261128202000BlockEnds },
  { name: '20261128202500_schedules', class: Migration20261128202500Schedules },
];
