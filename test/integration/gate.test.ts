import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { createProviderGate, type ProviderGate } from '../../adapters/postgres/provider-gate';
import { leaseCalls } from '../../adapters/postgres/provider-gate-leases';
import { newId } from '../../adapters/postgres/ids';
import { ProviderError } from '../../domain/errors';
import { createTestDatabase, type TestDatabase } from '../support/engines';

describe('the gate of a provider quota', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  let quotas = 0;
  let quota: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    orm = await openOrm(database.url);
  });

  afterAll(async () => {
    await orm?.close();
  });

  beforeEach(() => {
    quotas += 1;
    quota = `quota-${quotas}`;
  });

  /** A gate as another process would have it: with leases of its own. */
  const process = (callsPerSecond = 1000): ProviderGate => createProviderGate(orm, { callsPerSecond });
  const failureOf = async (call: Promise<unknown>): Promise<ProviderError> => {
    const error: unknown = await call.then(
      () => new Error('It did not fail'),
      (caught: unknown) => caught,
    );
    if (!(error instanceof ProviderError)) throw error;
    return error;
  };
  const sql = (statement: string, values: unknown[] = []) =>
    orm.em.fork().execute<Record<string, unknown>[]>(statement, values);
  /** Lets a closing come to its end without waiting for it. */
  const endClosing = () => sql(`update provider_gates set closed_until = clock_timestamp() where quota = ?`, [quota]);
  const endProbeTime = () => sql(`update provider_gates set probe_until = clock_timestamp() where quota = ?`, [quota]);
  const leases = async () =>
    Number((await sql(`select tokens from provider_gates where quota = ?`, [quota]))[0]?.['tokens']);

  it('gives out no more calls than there are, to however many processes ask at once', async () => {
    await process(40).take(quota, 'spotify');
    // Forty calls are there, and refilling is put off, so that the count below is exact.
    await sql(
      `update provider_gates set tokens = 40, refilled_at = clock_timestamp() + interval '1 hour' where quota = ?`,
      [quota],
    );
    const rate = { callsPerSecond: 40, burst: 40, leaseSize: 7 };
    // The first lease sets the clock right again; a rate of next to nothing keeps it from adding calls.
    const lease = () =>
      leaseCalls(orm.em.fork(), quota, { ...rate, callsPerSecond: 1e-9 }, [{ party: newId(), wanted: 1 }]);
    const leased = await Promise.all(Array.from({ length: 30 }, lease));
    expect(leased.reduce((sum, one) => sum + [...(one?.calls.values() ?? [])].reduce((all, n) => all + n, 0), 0)).toBe(
      40,
    );
    expect(leased.filter((one) => one?.verdict === 'empty')).toHaveLength(24);
  });

  it('has all who wait take turns, however often and however much one of them asks', async () => {
    await process().take(quota, 'spotify');
    const [big, ...others] = Array.from({ length: 4 }, newId) as [string, ...string[]];
    const served = new Map<string, number>();
    const lease = async (...asked: { party: string; wanted: number }[]) => {
      const rate = { callsPerSecond: 1e-9, burst: 40, leaseSize: 5 };
      const leased = await leaseCalls(orm.em.fork(), quota, rate, asked);
      for (const [party, calls] of leased?.calls ?? []) served.set(party, (served.get(party) ?? 0) + calls);
    };
    const small = others.map((party) => ({ party, wanted: 3 }));
    await lease(...small);
    served.clear();
    for (let call = 0; call < 40; call += 1) {
      await sql(`update provider_gates set tokens = 1, refilled_at = clock_timestamp() where quota = ?`, [quota]);
      // Two processes work for the big one, and are quicker than the third.
      for (let n = 0; n < 3; n += 1) await lease({ party: big, wanted: 100 });
      await lease(...small);
    }
    const counts = [big, ...others].map((party) => served.get(party) ?? 0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    // Ten each; a machine that stops for seconds makes somebody miss a turn.
    for (const count of counts) expect(Math.abs(count - 10)).toBeLessThanOrEqual(2);
  });

  it('has a few calls of one connection served beside many of another’s that came before', async () => {
    const [gate, other] = [process(100), process(100)];
    await gate.take(quota, 'spotify');
    await sql(`update provider_gates set tokens = 0, refilled_at = clock_timestamp() where quota = ?`, [quota]);
    const [big, small] = [newId(), newId()];
    let [bigServed, done] = [0, false];
    /** As a session does it: one that was told that the gate is busy stands in line again. */
    const inLine = async (by: ProviderGate, party: string, served: () => void): Promise<void> => {
      for (;;) {
        const failure = await by.take(quota, 'spotify', party).then(
          () => null,
          (error: unknown) => error,
        );
        if (failure === null) return served();
        if (!(failure instanceof ProviderError) || failure.details.code !== 'gate_busy') throw failure;
        if (done) return;
      }
    };
    const many = [gate, other].flatMap((by) =>
      Array.from({ length: 100 }, () => inLine(by, big, () => void (bigServed += 1))),
    );
    await Promise.all(Array.from({ length: 10 }, () => inLine(gate, small, () => undefined)));
    // In one line by arrival it would be a hundred or more.
    expect(bigServed).toBeLessThan(40);
    done = true;
    await Promise.all(many);
  });

  it('leases several calls in one go and spends them without asking again', async () => {
    const gate = process(100);
    await gate.take(quota, 'spotify');
    const after = await leases();
    for (let call = 0; call < 9; call += 1) await gate.take(quota, 'spotify');
    expect(await leases()).toBe(after);
    expect(after).toBeCloseTo(90, 0);
  });

  it('says how long to wait where the calls are further away than a second', async () => {
    const gate = process(0.1);
    await gate.take(quota, 'spotify');
    const failure = await failureOf(gate.take(quota, 'spotify'));
    expect(failure).toMatchObject({ failure: 'rate_limited', details: { code: 'gate_busy' } });
    expect(failure.details.retryAfterSeconds).toBeGreaterThan(1);
    expect(failure.details.retryAfterSeconds).toBeLessThanOrEqual(10);
  });

  it('waits by itself for calls that are near', async () => {
    const gate = process(5);
    await Promise.all(Array.from({ length: 7 }, () => gate.take(quota, 'spotify')));
  });

  it('closes for every process at once, for as long as the provider said', async () => {
    const [saw, other] = [process(), process()];
    await saw.take(quota, 'spotify');
    await saw.reportRateLimited(quota, 'spotify', 90);
    for (const gate of [saw, other, process()]) {
      const failure = await failureOf(gate.take(quota, 'spotify'));
      expect(failure).toMatchObject({ failure: 'rate_limited', details: { code: 'gate_closed' } });
      expect(failure.details.retryAfterSeconds).toBeGreaterThanOrEqual(89);
      expect(failure.details.retryAfterSeconds).toBeLessThanOrEqual(100);
    }
    await expect(other.state(quota)).resolves.toMatchObject({ state: 'closed', tokens: 0 });
  });

  it('drops what the process that saw the 429 had leased', async () => {
    const gate = process(100);
    await gate.take(quota, 'spotify');
    await gate.reportRateLimited(quota, 'spotify', 60);
    expect((await failureOf(gate.take(quota, 'spotify'))).failure).toBe('rate_limited');
  });

  it('lets nothing through while a closing is being written down', async () => {
    const gate = process(100);
    await gate.take(quota, 'spotify');
    const owner = await openOrm(database.ownerUrl);
    await owner.em.execute(
      `create function be_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$;
       create trigger slow_insert before insert on provider_gates for each row execute function be_slow()`,
    );
    try {
      const closing = gate.reportRateLimited(quota, 'spotify', 60);
      expect((await failureOf(gate.take(quota, 'spotify'))).details.code).toBe('gate_closed');
      await closing;
    } finally {
      await owner.em.execute(`drop trigger slow_insert on provider_gates`);
      await owner.close();
    }
  });

  it('closes for hours, and lets no shorter ban end a longer one', async () => {
    const gate = process();
    await gate.reportRateLimited(quota, 'spotify', 86_400);
    await gate.reportRateLimited(quota, 'spotify', 1);
    expect((await failureOf(gate.take(quota, 'spotify'))).details.retryAfterSeconds).toBeGreaterThanOrEqual(86_399);
  });

  it('closes even where nobody had asked before', async () => {
    await process().reportRateLimited(quota, 'spotify', 60);
    expect((await failureOf(process().take(quota, 'spotify'))).failure).toBe('rate_limited');
  });

  it('lets one probe through after a ban, and the others when it came back well', async () => {
    const [prober, other] = [process(), process()];
    await prober.reportRateLimited(quota, 'spotify', 60);
    await endClosing();
    await expect(other.state(quota)).resolves.toMatchObject({ state: 'half_open' });
    await prober.take(quota, 'spotify');
    expect(await failureOf(other.take(quota, 'spotify'))).toMatchObject({ details: { retryAfterSeconds: 1 } });
    expect(await failureOf(prober.take(quota, 'spotify'))).toMatchObject({ details: { retryAfterSeconds: 1 } });
    await prober.reportSuccess(quota);
    await other.take(quota, 'spotify');
    await expect(other.state(quota)).resolves.toMatchObject({ state: 'open' });
  });

  it('is not opened by an answer to somebody else’s earlier call', async () => {
    const [prober, other] = [process(), process()];
    await prober.reportRateLimited(quota, 'spotify', 60);
    await endClosing();
    await prober.take(quota, 'spotify');
    await other.reportSuccess(quota);
    await expect(other.state(quota)).resolves.toMatchObject({ state: 'half_open' });
  });

  it('closes again when the probe is refused too', async () => {
    const prober = process();
    await prober.reportRateLimited(quota, 'spotify', 60);
    await endClosing();
    await prober.take(quota, 'spotify');
    await prober.reportRateLimited(quota, 'spotify', 120);
    await prober.reportSuccess(quota);
    expect((await failureOf(process().take(quota, 'spotify'))).details.retryAfterSeconds).toBeGreaterThanOrEqual(119);
  });

  it('probes again where the process that probed has died', async () => {
    const [dead, alive] = [process(), process()];
    await dead.reportRateLimited(quota, 'spotify', 60);
    await endClosing();
    await dead.take(quota, 'spotify');
    await endProbeTime();
    await alive.take(quota, 'spotify');
    await alive.reportSuccess(quota);
    await expect(alive.state(quota)).resolves.toMatchObject({ state: 'open' });
  });

  it('gives the probe to one of many processes that wake together', async () => {
    await process().reportRateLimited(quota, 'spotify', 60);
    await endClosing();
    const takes = await Promise.allSettled(Array.from({ length: 10 }, () => process().take(quota, 'spotify')));
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('stays closed while an operator wants it closed', async () => {
    const gate = process();
    await process().take(quota, 'spotify');
    await sql(`update provider_gates set closed_by_admin = true where quota = ?`, [quota]);
    expect(await failureOf(gate.take(quota, 'spotify'))).toMatchObject({
      details: { code: 'gate_closed_by_operator' },
    });
    await expect(gate.state(quota)).resolves.toMatchObject({ state: 'closed', closedByAdmin: true });
    await sql(`update provider_gates set closed_by_admin = false where quota = ?`, [quota]);
    await gate.take(quota, 'spotify');
  });

  it('keeps quotas apart', async () => {
    const gate = process();
    await gate.reportRateLimited(quota, 'spotify', 60);
    await gate.take(`${quota}-other`, 'spotify');
  });

  it('lets nothing through while the database is away, and forgives reports', async () => {
    const away = await openOrm(database.url);
    const gate = createProviderGate(away, { callsPerSecond: 10 });
    await away.close();
    expect(await failureOf(gate.take(quota, 'spotify'))).toMatchObject({
      failure: 'unavailable',
      details: { code: 'gate_unreadable' },
    });
    await gate.reportRateLimited(quota, 'spotify', 5);
    await gate.reportSuccess(quota);
  });
});
