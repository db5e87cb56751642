import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { foldName } from '../../domain/names';
import { StyleModelError } from '../../domain/style/style-model';

/**
 * Reads vectors of these words from a file as GloVe, word2vec and fastText write it in text: a word and its numbers a line, parted
 * by spaces; a first line of two numbers is a header. The file is streamed, and only the words that are asked for are kept.
 * Throws StyleModelError.
 */
export async function readWordVectors(
  path: string,
  dimensions: number,
  needed: ReadonlySet<string>,
): Promise<Map<string, Float32Array>> {
  const words = new Map<string, Float32Array>();
  const file = createReadStream(path, 'utf8');
  const failed = new Promise<never>((_, reject) => file.once('error', reject));
  failed.catch(() => undefined);
  let lines = 0;
  try {
    await Promise.race([
      failed,
      (async () => {
        for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
          lines += 1;
          const end = line.indexOf(' ');
          const word = wordOf(line.slice(0, end), needed);
          const isHeader = lines === 1 && /^\d+ \d+\s*$/u.test(line);
          if (isHeader || (lines > 2 && (word === null || words.has(word)))) continue;
          // The first lines are looked at in any case: a file of other dimensions is told from one that lacks our words.
          const vector = vectorOf(line.slice(end + 1), dimensions);
          if (word !== null && !words.has(word)) words.set(word, vector);
        }
      })(),
    ]);
  } catch (error) {
    throw error instanceof StyleModelError ? error : new StyleModelError('style_model_unreadable');
  } finally {
    file.destroy();
  }
  if (lines === 0) throw new StyleModelError('style_model_empty');
  return words;
}

function wordOf(word: string, needed: ReadonlySet<string>): string | null {
  if (needed.has(word)) return word;
  const folded = foldName(word);
  return needed.has(folded) ? folded : null;
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const numbers = text.trim().split(/\s+/u).map(Number);
  if (numbers.length !== dimensions) throw new StyleModelError('style_model_wrong_dimensions');
  const vector = Float32Array.from(numbers);
  // Also of what is no longer a number in 32 bits.
  if (!vector.every(Number.isFinite)) throw new StyleModelError('style_model_not_finite');
  return vector;
}
