import { startHarness, type Harness } from './harness';
import { testForeignIds } from './permissions/foreign-ids';
import { testRoles } from './permissions/roles';
import { testSuspensions } from './permissions/suspensions';
import { testEveryRoute } from './permissions/every-route';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.api.close());

describe('every route', () => testEveryRoute(() => harness));
describe('an id that is not the caller’s', () => testForeignIds(() => harness));
describe('roles', () => testRoles(() => harness));
describe('suspensions', () => testSuspensions(() => harness));
