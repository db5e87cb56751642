import { z } from 'zod';
import { configSchema } from '../adapters/environment/variables';

const head = `# Settings of Do Not Play, made from the configuration's own schema (npm run env-example).
# Copy to .env and change what you need; without any of it, npm start runs on this machine alone.
`;

/** The text of `.env.example`: every variable with what it means, commented out, with its default where it has one. */
export function envExample(): string {
  const lines = Object.entries(configSchema.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    const fallback = parsed.success && parsed.data !== undefined ? String(parsed.data) : '';
    return `# ${z.globalRegistry.get(schema)?.description ?? ''}\n# ${name}=${fallback}\n`;
  });
  return `${head}\n${lines.join('\n')}`;
}

if (require.main === module) process.stdout.write(envExample());
