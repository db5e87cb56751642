import { tellAppealStory } from './appeal/story';
import { tellAppleMusicAct } from './apple-music/act';
import { addressesOf, loadOwnSettings } from './addresses';
import { Browser } from './browser';
import { DemoFailure } from './demo-failure';
import { createFetch } from './http';
import { makeMishaps } from './mishaps';
import { readOptions, usage, UsageError, type DemoOptions } from './options';
import { Person } from './person';
import { PutBack } from './put-back';
import { Sandbox } from './sandbox';
import { onInterrupt } from './interrupt';
import { tellStory } from './story';
import { checkSystem } from './system-check';

/** The sandbox's account with the ten-year library. */
const listener = 'listener';
const appleListener = 'apple-listener';
const interrupted = 130;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(usage.trimEnd());
    return 0;
  }
  loadOwnSettings();
  const addresses = addressesOf(process.env);
  await checkSystem(addresses);
  return drive(options, addresses);
}

async function drive(options: DemoOptions, addresses: ReturnType<typeof addressesOf>): Promise<number> {
  const stop = new AbortController();
  let { signal } = stop;
  const show = options.curl ? say : null;
  const fetchOne = createFetch({ signal: () => signal, show, api: addresses.api });
  const putBack = new PutBack();
  const stage = { sandbox: new Sandbox(fetchOne, addresses.sandbox), addresses, user: listener, putBack, say };
  const { stdout } = process;
  const screen = {
    isTTY: stdout.isTTY && show === null,
    columns: stdout.columns || 100,
    write: (text: string) => void stdout.write(text),
  };
  onInterrupt(() => stop.abort());
  let code = 0;
  if (show)
    say(
      `The calls can be repeated with a token of ${options.appeal ? 'whoever makes them, as of the reviewer' : "the listener's"}: TOKEN=$(npm run -s user -- token ${options.appeal ? 'reviewer@example.test --scopes read,write,moderate' : `${listener}@example.test`})`,
    );
  try {
    const visitor = () => new Person(new Browser(fetchOne), addresses.api);
    if (options.appeal) await tellAppealStory({ ...stage, visitor, screen });
    else {
      await tellStory({ ...stage, person: visitor(), screen, mishaps: makeMishaps(options.mishaps, stage) });
      const browser = new Browser(fetchOne);
      const other = new Person(browser, addresses.api);
      await tellAppleMusicAct({ ...stage, user: appleListener, person: other, browser, screen });
    }
  } catch (error) {
    code = stop.signal.aborted ? interrupted : 1;
    complain(stop.signal.aborted ? '\nInterrupted; putting things back …' : `\n${reasonOf(error)}`);
  }
  signal = new AbortController().signal;
  const left = await putBack.all();
  left.forEach(complain);
  if (code !== 0) return code;
  if (left.length > 0) return 1;
  say(
    options.appeal
      ? '  The listener goes by no category any more, and the invented songs are out of the library again.'
      : '  The blocks are removed, and the copy of a playlist is deleted.',
  );
  return 0;
}

function reasonOf(error: unknown): string {
  if (error instanceof DemoFailure) return error.message;
  return `The demo failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown failure'}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    complain(error instanceof UsageError ? `${error.message}\n\n${usage.trimEnd()}` : reasonOf(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
