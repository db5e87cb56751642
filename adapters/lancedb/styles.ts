import { type StyleModelSettings, styleModelVersion } from '../../domain/style/style-model';
import type { TableDefinition, TableRow } from './table-definition';

/** Artists by how they sound; another model makes it another table's content, so it is then made anew. */
export const styleTable = (model: StyleModelSettings): TableDefinition => ({
  name: 'artist_styles',
  version: styleModelVersion(model),
  dimensions: model.dimensions,
  columns: {},
  owner: 'id',
  filtered: [],
  fullText: null,
});

export const styleRow = (artistId: string, vector: Float32Array): TableRow => ({ id: artistId, vector });
