import { AccountExport, AccountExportChunk } from './account-exports';
import { AccountMerge, AccountMergeMove } from './account-merges';
import {
  ComparativeRelease,
  FigureClosing,
  FigureDayChange,
  FigureTurn,
  PersonFigure,
  PrivacySpend,
  SystemFigure,
} from './analytics';
import { Appeal, AppealAct, AppealMessage, DecisionDraft } from './appeals';
import { ArtistMerge, ArtistMergeAside, FormerArtist } from './artist-merges';
import { Notification, PersonEvent, Webhook, WebhookAttempt, WebhookDelivery } from './announcements';
import { BlockImport, BlockImportRow } from './block-imports';
import { Block, BlockRestore, Exception, TrackBlock } from './blocks';
import { Album, AlbumArtist, Artist, ArtistProviderId, Track, TrackArtist } from './catalog';
import { CatalogImport, CatalogImportRow } from './catalog-imports';
import { CommunityList, ListEntry, ListSubscription, ListVersion, ListVersionEntry } from './community-lists';
import {
  Connection,
  ConnectionLock,
  Credential,
  ProviderCallHour,
  ProviderGate,
  ProviderGateTurn,
  ProviderLatency,
} from './connections';
import { Email } from './emails';
import { Action, Plan, PlanChoice, PlanItem, Run } from './enforcement';
import { CatalogChange, CatalogFeed } from './catalog-feed';
import { GraphCounts, GraphSync } from './graph';
import { IndexRun } from './index-runs';
import { Job, JobMilestone, OutboxEntry } from './jobs';
import { KeptName } from './kept-names';
import { LibraryContent, LibraryGeneration, LibraryPage, LibraryPart, PlaylistSequenceRow } from './library';
import { ListCurator, ListProposal, ListSubscriberDay, ListVersionTelling } from './list-work';
import { Decision, DecisionNotice, ModerationCase, OperatorSwitch } from './moderation';
import { CategorySubscription, Offense, OffenseEvidence, SubmissionMute } from './offenses';
import { Report } from './reports';
import { Identity, OauthTransaction, PersonalToken, Session, User, UserRole, UserSuspension } from './people';
import { ProviderApp, SpotifyAppFinding } from './provider-apps';
import { RecordingMatch } from './recording-matches';
import { ArtistAlias, ArtistGenre, Recording, RecordingAlbum, RecordingCredit, RecordingLink } from './recordings';
import { AuditEntry, AuditSeal, IdempotencyKey, UnsealedAuditEntry } from './records';
import { ConnectionSchedule, ScheduledEnforcement } from './schedules';
import { SourceWithdrawal, WithdrawalNotice } from './source-withdrawals';

export * from './account-exports';
export * from './account-merges';
export * from './announcements';
export * from './appeals';
export * from './artist-merges';
export * from './block-imports';
export * from './blocks';
export * from './catalog';
export * from './catalog-imports';
export * from './community-lists';
export * from './connections';
export * from './emails';
export * from './enforcement';
export * from './graph';
export * from './jobs';
export * from './kept-names';
export * from './library';
export * from './list-work';
export * from './moderation';
export * from './offenses';
export * from './reports';
export * from './people';
export * from './provider-apps';
export * from './records';
export * from './recordings';
export * from './schedules';
export * from './source-withdrawals';

/** Every table of the system. */
export const entities = [
  User,
  UserRole,
  UserSuspension,
  Identity,
  KeptName,
  Session,
  PersonalToken,
  OauthTransaction,
  Connection,
  Credential,
  ConnectionLock,
  ProviderApp,
  SpotifyAppFinding,
  ProviderGate,
  ProviderGateTurn,
  ProviderLatency,
  ProviderCallHour,
  Artist,
  ArtistProviderId,
  ArtistAlias,
  ArtistGenre,
  Album,
  AlbumArtist,
  Track,
  TrackArtist,
  Recording,
  RecordingLink,
  RecordingAlbum,
  RecordingCredit,
  RecordingMatch,
  ArtistMerge,
  FormerArtist,
  ArtistMergeAside,
  CatalogChange,
  CatalogFeed,
  IndexRun,
  GraphCounts,
  GraphSync,
  LibraryGeneration,
  LibraryContent,
  LibraryPart,
  LibraryPage,
  PlaylistSequenceRow,
  Block,
  TrackBlock,
  BlockRestore,
  Exception,
  CommunityList,
  ListVersion,
  ListEntry,
  ListVersionEntry,
  ListSubscription,
  ListSubscriberDay,
  ListVersionTelling,
  ListCurator,
  ListProposal,
  Offense,
  OffenseEvidence,
  SubmissionMute,
  CategorySubscription,
  ModerationCase,
  Decision,
  DecisionNotice,
  Report,
  Appeal,
  AppealMessage,
  DecisionDraft,
  AppealAct,
  OperatorSwitch,
  BlockImport,
  BlockImportRow,
  CatalogImport,
  CatalogImportRow,
  Plan,
  PlanChoice,
  PlanItem,
  Run,
  Action,
  ConnectionSchedule,
  ScheduledEnforcement,
  SourceWithdrawal,
  WithdrawalNotice,
  Job,
  JobMilestone,
  OutboxEntry,
  AuditEntry,
  AuditSeal,
  UnsealedAuditEntry,
  IdempotencyKey,
  AccountExport,
  AccountExportChunk,
  AccountMerge,
  AccountMergeMove,
  PersonEvent,
  Notification,
  Webhook,
  WebhookDelivery,
  PersonFigure,
  FigureTurn,
  SystemFigure,
  FigureClosing,
  FigureDayChange,
  WebhookAttempt,
  Email,
  PrivacySpend,
  ComparativeRelease,
];
