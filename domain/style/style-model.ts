import { relatedGenreDimensions } from './related-genres';
import type { StyleFacts } from './style-vector';

/** Makes vectors of artists' styles, off the thread that it is asked on. Throws StyleModelError. */
export interface StyleModel {
  /** A vector of `dimensions` numbers for each artist, null for one without genres. */
  vectorsOf(artists: readonly StyleFacts[]): Promise<(Float32Array | null)[]>;
  close(): Promise<void>;
}

/** Which model makes the vectors; those of two are never compared. */
export interface StyleModelSettings {
  name: string;
  dimensions: number;
  /** A file of word vectors; null for the model that is built in. */
  path: string | null;
}

export const builtInStyleModel: StyleModelSettings = {
  name: 'related-genres-1',
  dimensions: relatedGenreDimensions,
  path: null,
};

/** What is wrong with a model, or its file. */
export type StyleModelFault =
  | 'style_model_unreadable'
  | 'style_model_empty'
  | 'style_model_wrong_dimensions'
  | 'style_model_not_finite'
  | 'style_model_stopped';

export class StyleModelError extends Error {
  override readonly name = 'StyleModelError';
  constructor(readonly code: StyleModelFault) {
    super(code);
  }
}

/** A number that another name or other dimensions change: a table's version. */
export function styleModelVersion({ name, dimensions }: StyleModelSettings): number {
  let hash = 0x811c9dc5;
  for (const letter of `${name} ${dimensions}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash >>> 1;
}
