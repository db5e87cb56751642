import { startHarness, type Harness } from './harness';
import { testOffenseDecisions } from './offenses/decided';
import { testMutedSubmitters } from './offenses/muted';
import { testOffenseReads } from './offenses/reads';
import { testSubmissions } from './offenses/submissions';
import { testSwitchedOff } from './offenses/switched-off';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({}, { OFFENSES_PENDING_MOST: '5', OFFENSES_A_DAY_MOST: '8' });
});
afterAll(() => harness.api.close());

describe('submissions', () => testSubmissions(() => harness));
describe('offenses', () => testOffenseReads(() => harness));
describe('decisions about an offense', () => testOffenseDecisions(() => harness));
describe('muted submitters', () => testMutedSubmitters(() => harness));
describe('where offenses are switched off', () => testSwitchedOff(() => harness));
