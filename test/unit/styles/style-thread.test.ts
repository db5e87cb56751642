import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStyleModel } from '../../../adapters/styles/style-thread';
import { readWordVectors } from '../../../adapters/styles/word-vectors';
import { cosine } from '../../../domain/linkage/vectors';
import type { GenreRows } from '../../../domain/style/genre-counts';
import { builtInStyleModel } from '../../../domain/style/style-model';

const rows: GenreRows = {
  artists: 20,
  genres: [
    ['hip hop', 10],
    ['trap', 8],
    ['opera', 5],
  ],
  pairs: [['hip hop', 'trap', 7]],
};
const artist = (...genres: string[]) => ({ genres, disambiguation: null });
const failure = (code: string) => expect.objectContaining({ name: 'StyleModelError', code });

describe('with a folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dnp-styles-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (text: string) => {
    const path = join(folder, 'vectors.txt');
    writeFileSync(path, text);
    return path;
  };

  test('vectors are made on a thread, by the model built in or by a file of word vectors; what it is asked after its end fails', async () => {
    const builtIn = startStyleModel(builtInStyleModel, rows);
    const path = file('the 1 0 0\nhip 0 1 0\nhop 0 1 0\ntrap 0 0.9 0.1\nopera -1 0 0\n');
    const words = startStyleModel({ name: 'tiny', dimensions: 3, path }, rows);
    const gone = startStyleModel({ name: 'gone', dimensions: 3, path: join(folder, 'none.txt') }, rows);
    const asked = [artist('trap'), artist(), artist('hip hop'), artist('opera')];
    for (const [model, dimensions] of [
      [builtIn, builtInStyleModel.dimensions],
      [words, 3],
    ] as const) {
      const [trap, none, hipHop, opera] = await model.vectorsOf(asked);
      expect(trap).toHaveLength(dimensions);
      expect(none).toBeNull();
      expect(cosine(trap ?? null, hipHop ?? null)).toBeGreaterThan(cosine(trap ?? null, opera ?? null) + 0.3);
    }
    await expect(gone.vectorsOf(asked)).rejects.toEqual(failure('style_model_unreadable'));
    await Promise.all([builtIn.close(), words.close(), gone.close()]);
    await expect(builtIn.vectorsOf(asked)).rejects.toEqual(failure('style_model_stopped'));
  });

  test.each([
    ['style_model_wrong_dimensions', 'trap 1 2\n'],
    ['style_model_wrong_dimensions', '2 2\nhouse 1 2\ntrap 1 2\n'],
    ['style_model_wrong_dimensions', 'trap\n'],
    ['style_model_not_finite', 'trap 1 2 NaN\n'],
    ['style_model_not_finite', 'trap 1 2 1e300\n'],
    ['style_model_not_finite', 'house 1 2 3\ntechno 1 2 3\nhouse 1 2 3\ntrap 1 x 3\n'],
    ['style_model_empty', ''],
  ])('%s: %j', async (code, text) => {
    await expect(readWordVectors(file(text), 3, new Set(['trap']))).rejects.toEqual(failure(code));
  });

  test('keeps the words that are needed, with or without a header, accents and a blank at the end', async () => {
    const text = '4 3\r\nforró 1 2 3 \r\nhouse 4 5 6\r\ntrap 7 8 9\r\ntrap 0 0 0\r\n';
    const words = await readWordVectors(file(text), 3, new Set(['forro', 'trap', 'drill']));
    expect([...words].map(([word, vector]) => [word, ...vector])).toEqual([
      ['forro', 1, 2, 3],
      ['trap', 7, 8, 9],
    ]);
  });
});
