import { configSchema } from '../../adapters/environment/variables';
import { runningEnvironment } from '../../adapters/environment/running-environment';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { roles } from '../../domain/roles';
import { changeRoleOf } from './user/change-role';
import { issueToken } from './user/issue-token';
import { UsageError } from './user/usage-error';

const usage = `Usage:
  npm run user -- token EMAIL [--days N] [--scopes read,write]   prints a bearer token, and nothing else, on stdout
  npm run user -- grant EMAIL ROLE                               gives a role: ${roles.join(', ')}
  npm run user -- revoke EMAIL ROLE                              takes it back; the last admin stays

It works on the database of a running \`npm start\`, or on the one that DATABASE_URL names.
`;

/** Each checks its words at once and returns what to do with the database. */
const commands: Record<string, (words: string[]) => (orm: MikroORM, development: boolean) => Promise<string>> = {
  token: issueToken,
  grant: changeRoleOf('grant'),
  revoke: changeRoleOf('take'),
};

/** All that it needs; the vault stays closed. */
const settings = configSchema.pick({ DATABASE_URL: true, NODE_ENV: true });

async function main(): Promise<number> {
  const [name = '', ...words] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(name && name !== 'help' ? `There is no command "${name}".\n\n${usage}` : usage);
    return name === 'help' ? 0 : 2;
  }
  const work = command(words);
  const config = settings.safeParse(runningEnvironment(process.env));
  if (!config.success) throw new UsageError(`DATABASE_URL or NODE_ENV is not valid.`);
  const orm = await openOrm(config.data.DATABASE_URL, { max: 1 });
  try {
    process.stdout.write(`${await work(orm, config.data.NODE_ENV !== 'production')}\n`);
    return 0;
  } finally {
    await orm.close(true);
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  const { code } = error as { code?: unknown };
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return 'The database does not answer. Start the system with npm start, or set DATABASE_URL.\n';
  if (code === '42P01') return 'The database has no tables yet. Let npm start come up once, then run this again.\n';
  return `It did not work (${typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown failure'}).\n`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(explain(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
