import { setFlagsFromString } from 'node:v8';

/**
 * V8 looks for old garbage once there is four times what it last found in use: a long file, whose rows are garbage as soon as they are sent,
 * would take hundreds of megabytes until then. At three times as much a million rows take less than a hundred; at less requests wait for looks in vain. In percent of growth; before anything else is loaded.
 */
setFlagsFromString('--heap-growing-percent=200');
