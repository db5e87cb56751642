import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { GenreRows } from '../../domain/style/genre-counts';
import { StyleModelError, type StyleModel, type StyleModelSettings } from '../../domain/style/style-model';
import type { ThreadAnswer, ThreadQuestion, ThreadSettings } from './thread-messages';

interface Waiting {
  resolve(vectors: (Float32Array | null)[]): void;
  reject(error: StyleModelError): void;
}

/** A thread holds the genres' places, and no more than that. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/**
 * Starts a model on a thread of its own. A thread that ends by itself fails what it was asked, and everything after that
 * (`style_model_stopped`). It does not keep the process alive.
 */
export function startStyleModel(model: StyleModelSettings, rows: GenreRows): StyleModel {
  const workerData: ThreadSettings = { model, rows };
  const main = JSON.stringify(join(__dirname, 'thread-main'));
  // What is not compiled, as in a test, needs a translator in the thread too.
  const translator = extname(__filename) === '.ts' ? `require('tsx/cjs'); ` : '';
  const thread = new Worker(`${translator}require(${main})`, { eval: true, workerData, resourceLimits });
  thread.unref();
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let stopped = false;

  const stop = () => {
    stopped = true;
    for (const { reject } of waiting.values()) reject(new StyleModelError('style_model_stopped'));
    waiting.clear();
  };
  thread.on('error', stop);
  thread.on('exit', stop);
  thread.on('message', (answer: ThreadAnswer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) asker?.reject(new StyleModelError(answer.failure));
    else asker?.resolve(answer.vectors);
  });

  return {
    vectorsOf(artists) {
      if (stopped) return Promise.reject(new StyleModelError('style_model_stopped'));
      asked += 1;
      const question: ThreadQuestion = { id: asked, artists };
      return new Promise((resolve, reject) => {
        waiting.set(question.id, { resolve, reject });
        thread.postMessage(question);
      });
    },
    async close() {
      await thread.terminate();
    },
  };
}
