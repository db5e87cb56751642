import { createTestDatabase, type TestDatabase } from '../../support/engines';
import { startHarness, type Harness } from '../api-enforcement/harness';
import { testClaims } from './scenes/claims';
import { testDecisions } from './scenes/decisions';
import { testEnds } from './scenes/ends';
import { ModeratedRows } from './scenes/moderated-rows';
import { testNumbers } from './scenes/numbers';
import { testQueue } from './scenes/queue';
import { testReports } from './scenes/reports';

let database: TestDatabase;
let harness: Harness;
beforeAll(async () => {
  database = await createTestDatabase();
  harness = await startHarness({}, { DATABASE_URL: database.url, RATE_LIMIT_REPORTS: '1000' });
});
afterAll(async () => {
  await harness.api.close();
});
const rows = new ModeratedRows(() => ({ harness, ownerUrl: database.ownerUrl }));

describe('the queue', () => testQueue(rows));
describe('a claim', () => testClaims(rows));
describe('a decision', () => testDecisions(rows));
describe('a report', () => testReports(rows));
describe('an end', () => testEnds(rows));
describe('numbers', () => testNumbers(rows));
