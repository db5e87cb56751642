import { graphArtistRoutes } from './artists';
import { blockedNetworkRoutes } from './blocked-network';
import { graphPathRoutes } from './paths';
import { graphStateRoutes } from './state';

export const graphRoutes = [...graphArtistRoutes, ...graphPathRoutes, ...blockedNetworkRoutes, ...graphStateRoutes];
