import { setFlagsFromString } from 'node:v8';

/**
 * V8 looks for old garbage once there is four times what it last found in use: a long file, whose rows are garbage as soon as they are sent,
 * would take hundreds of megabytes until then. At twice as much it stays small, and less is looked for in vain than at less. In percent; before anything else is loaded.
 */
setFlagsFromString('--heap-growing-percent=100');
