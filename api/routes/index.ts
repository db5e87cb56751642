import type { Route } from '../route';
import { auditRoutes } from './admin/audit';
import { gateRoutes } from './admin/gates';
import { clockScheduleRoutes } from './admin/schedules';
import { userRoutes } from './admin/users';
import { vaultRoutes } from './admin/vault';
import { analyticsRoutes } from './analytics/export';
import { appealRoutes } from './appeals/appeals';
import { appealDraftRoutes } from './appeals/drafts';
import { appealStepRoutes } from './appeals/steps';
import { catalogImportRoutes } from './artists/catalog-imports';
import { artistRoutes } from './artists/artists';
import { artistMergeRoutes } from './artists/merges';
import { similarRoutes } from './artists/similar';
import { artistIndexRoutes } from './artists/index-state';
import { resolveRoutes } from './artists/resolve';
import { sessionRoutes } from './auth/sessions';
import { signInRoutes } from './auth/sign-in';
import { tokenRoutes } from './auth/tokens';
import { bulkRoutes } from './blocks/bulk';
import { blockChangeRoutes } from './blocks/change-blocks';
import { checkRoutes } from './blocks/check';
import { exceptionRoutes } from './blocks/exceptions';
import { blockExportRoutes } from './blocks/export';
import { blockImportRoutes } from './blocks/import';
import { blockReadRoutes } from './blocks/read-blocks';
import { blockImportReadRoutes } from './blocks/read-imports';
import { artistRestoreRoutes } from './blocks/restore';
import { trackRestoreRoutes } from './blocks/restore-track';
import { trackBlockRoutes } from './blocks/track-blocks';
import { appleMusicRoutes } from './connections/apple-music';
import { connectSpotifyRoutes } from './connections/connect-spotify';
import { connectionRoutes } from './connections/connections';
import { disconnectRoutes } from './connections/disconnect';
import { connectionHealthRoutes } from './connections/health';
import { libraryRoutes } from './connections/library';
import { libraryExportRoutes } from './connections/library-export';
import { libraryRestoreRoutes } from './connections/library-restore';
import { librarySyncRoutes } from './connections/library-sync';
import { scheduleRoutes } from './connections/schedule';
import { cancelRunRoutes } from './enforcement/cancel-run';
import { capabilityRoutes } from './enforcement/capabilities';
import { checklistRoutes } from './enforcement/checklist';
import { executeRoutes } from './enforcement/execute';
import { planItemRoutes } from './enforcement/plan-items';
import { planPlaylistRoutes } from './enforcement/plan-playlists';
import { planRoutes } from './enforcement/plans';
import { retryFailedRoutes } from './enforcement/retry-failed';
import { rollbackRoutes } from './enforcement/rollback';
import { purgeRunRoutes } from './enforcement/purge-run';
import { restoreRoutes } from './enforcement/restores';
import { runReportRoutes } from './enforcement/run-report';
import { runRoutes } from './enforcement/runs';
import { graphRoutes } from './graph/graph';
import { jobChangeRoutes } from './jobs/change-jobs';
import { jobEventRoutes } from './jobs/events';
import { jobRoutes } from './jobs/jobs';
import { listCuratorRoutes } from './lists/curators';
import { listRoutes } from './lists/lists';
import { listProposalRoutes } from './lists/proposals';
import { listRuleRoutes } from './lists/rules';
import { listVersionRoutes } from './lists/versions';
import { accountRoutes } from './me/account';
import { personEventRoutes } from './me/events';
import { exportRoutes } from './me/exports';
import { identityRoutes } from './me/identities';
import { meRoutes } from './me/me';
import { mergeRoutes } from './me/merges';
import { providerAppRoutes } from './me/provider-apps';
import { notificationRoutes } from './me/notifications';
import { webhookDeliveryRoutes } from './me/webhook-deliveries';
import { webhookRoutes } from './me/webhooks';
import { mutedSubmitterRoutes } from './offenses/muted-submitters';
import { offenseReadRoutes } from './offenses/read-offenses';
import { offenseSubmitRoutes } from './offenses/submit';
import { caseRoutes } from './moderation/cases';
import { decisionRoutes } from './moderation/decisions';
import { caseHandlingRoutes } from './moderation/handle-cases';
import { policyRoutes } from './moderation/policies';
import { reportRoutes } from './moderation/reports';
import { moderationStatsRoutes } from './moderation/stats';
import { transparencyRoutes } from './moderation/transparency';
import { providerRoutes } from './providers/status';
import { recordingMatchRoutes } from './recordings/matches';
import { categorySubscriptionRoutes } from './subscriptions/category-subscriptions';
import { impactRoutes } from './subscriptions/impact';
import { listSubscriptionRoutes } from './subscriptions/list-subscriptions';

/** Every route below `/api/v1`, in the order of the documentation. A fixed path comes before a parameter in its place. */
export const routes: Route[] = [
  ...signInRoutes,
  ...sessionRoutes,
  ...tokenRoutes,
  ...meRoutes,
  ...identityRoutes,
  ...mergeRoutes,
  ...accountRoutes,
  ...exportRoutes,
  ...personEventRoutes,
  ...notificationRoutes,
  ...webhookRoutes,
  ...webhookDeliveryRoutes,
  ...providerAppRoutes,
  ...connectSpotifyRoutes,
  ...appleMusicRoutes,
  ...connectionRoutes,
  ...connectionHealthRoutes,
  ...disconnectRoutes,
  ...librarySyncRoutes,
  ...libraryRoutes,
  ...libraryExportRoutes,
  ...libraryRestoreRoutes,
  ...scheduleRoutes,
  ...providerRoutes,
  // Before what takes `imports` for an artist's id.
  ...catalogImportRoutes,
  ...resolveRoutes,
  ...artistRoutes,
  ...artistMergeRoutes,
  ...recordingMatchRoutes,
  ...similarRoutes,
  ...artistIndexRoutes,
  ...blockReadRoutes,
  ...checkRoutes,
  ...bulkRoutes,
  ...blockExportRoutes,
  ...blockImportRoutes,
  ...blockImportReadRoutes,
  ...blockChangeRoutes,
  ...artistRestoreRoutes,
  ...trackBlockRoutes,
  ...trackRestoreRoutes,
  ...exceptionRoutes,
  ...offenseReadRoutes,
  ...offenseSubmitRoutes,
  ...mutedSubmitterRoutes,
  // Before what takes `rules` for a list's id.
  ...listRuleRoutes,
  ...listRoutes,
  ...listVersionRoutes,
  ...listSubscriptionRoutes,
  ...categorySubscriptionRoutes,
  ...impactRoutes,
  ...listCuratorRoutes,
  ...listProposalRoutes,
  ...planRoutes,
  ...planItemRoutes,
  ...planPlaylistRoutes,
  ...checklistRoutes,
  ...executeRoutes,
  ...runRoutes,
  ...runReportRoutes,
  ...cancelRunRoutes,
  ...retryFailedRoutes,
  ...rollbackRoutes,
  ...purgeRunRoutes,
  ...restoreRoutes,
  ...capabilityRoutes,
  ...graphRoutes,
  ...appealRoutes,
  ...appealDraftRoutes,
  ...appealStepRoutes,
  ...jobRoutes,
  ...jobEventRoutes,
  ...jobChangeRoutes,
  ...caseRoutes,
  ...caseHandlingRoutes,
  ...decisionRoutes,
  ...reportRoutes,
  ...moderationStatsRoutes,
  ...policyRoutes,
  ...transparencyRoutes,
  ...analyticsRoutes,
  ...userRoutes,
  ...auditRoutes,
  ...gateRoutes,
  ...clockScheduleRoutes,
  ...vaultRoutes,
];
