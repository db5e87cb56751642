/** Preloaded into a process, whose clock is then ahead by DNP_TEST_CLOCK_AHEAD seconds (behind, where negative). */
const ahead = Number(process.env.DNP_TEST_CLOCK_AHEAD ?? 0) * 1000;
const RealDate = Date;
const now = (): number => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
