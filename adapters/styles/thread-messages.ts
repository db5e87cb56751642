import type { GenreRows } from '../../domain/style/genre-counts';
import type { StyleModelFault, StyleModelSettings } from '../../domain/style/style-model';
import type { StyleFacts } from '../../domain/style/style-vector';

export interface ThreadSettings {
  model: StyleModelSettings;
  rows: GenreRows;
}

export interface ThreadQuestion {
  id: number;
  artists: readonly StyleFacts[];
}

export type ThreadAnswer = { id: number } & ({ vectors: (Float32Array | null)[] } | { failure: StyleModelFault });
