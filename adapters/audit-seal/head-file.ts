import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The latest seal, kept where whoever owns the database cannot write. */
export const auditHeadSchema = z.object({
  sequence: z.int().min(1),
  mac: z.string().length(43),
  sealedAt: z.iso.datetime(),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

export interface AuditHeadFile {
  /** Null where there is none, and where what is there is no head. */
  read(): Promise<AuditHead | null>;
  /** Written whole or not at all, and on the disk when it returns. */
  write(head: AuditHead): Promise<void>;
}

export function createHeadFile(path: string): AuditHeadFile {
  return {
    async read() {
      try {
        return auditHeadSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
        throw error;
      }
    },

    async write(head) {
      await mkdir(dirname(path), { recursive: true });
      const making = `${path}.making`;
      const file = await open(making, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(head)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(making, path);
    },
  };
}
