import { createCpuUsage } from '../../../adapters/telemetry/machine/cpu-usage';

/** A machine of one CPU, on which time passes as it is told to. */
function madeUpMachine() {
  const time = { of: 'machine', used: 5_000, had: 100_000 };
  let at = 0;
  return {
    time,
    usage: createCpuUsage(
      () => Promise.resolve({ ...time }),
      () => at,
    ),
    pass(seconds: number, ratio: number) {
      at += seconds * 1_000;
      time.had += seconds;
      time.used += seconds * ratio;
    },
  };
}

it('is the rate between two looks, never that since the start', async () => {
  const { usage, pass } = madeUpMachine();
  expect(await usage()).toBeNaN();
  for (const ratio of [0.5, 1, 0]) {
    pass(15, ratio);
    expect(await usage()).toBeCloseTo(ratio);
  }
});

it('is right for each of two who ask, however close together they do', async () => {
  const { usage, pass } = madeUpMachine();
  await usage();
  for (const ratio of [0.3, 0.9, 0.1, 0.6]) {
    pass(14.999, ratio);
    expect(await usage()).toBeCloseTo(ratio, 2);
    // The other one comes a millisecond later, in which nothing was idle.
    pass(0.001, 1);
    expect(await usage()).toBeCloseTo(ratio, 2);
  }
});

it('goes back at least five seconds, also for somebody who asks all the time', async () => {
  const { usage, pass } = madeUpMachine();
  await usage();
  const seen: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    pass(0.1, n % 10 === 0 ? 1 : 0);
    seen.push(await usage());
  }
  for (const ratio of seen.slice(60)) expect(ratio).toBeCloseTo(0.1, 1);
});

it('says what it said before where no time has passed', async () => {
  const { usage, pass } = madeUpMachine();
  await usage();
  pass(10, 0.4);
  expect(await usage()).toBeCloseTo(0.4);
  expect(await usage()).toBeCloseTo(0.4);
});

it('compares with nothing of another group, when a limit was set meanwhile', async () => {
  const { usage, pass, time } = madeUpMachine();
  await usage();
  pass(10, 0.4);
  expect(await usage()).toBeCloseTo(0.4);
  Object.assign(time, { of: '/app 0.5', used: 1, had: 2 });
  pass(10, 1);
  expect(await usage()).toBeCloseTo(0.4);
  pass(10, 0.8);
  expect(await usage()).toBeCloseTo(0.8);
});
