import { setFlagsFromString } from 'node:v8';

/**
 * In percent of what was last found in use, how much more there may be until V8 looks for old garbage again; four hundred, about, by
 * itself. The rows of a long file are garbage as soon as they are sent, and would take hundreds of megabytes until then; with two hundred a
 * million rows take less than one hundred. With less, requests wait for looks that find little. Set before anything else is loaded.
 */
setFlagsFromString('--heap-growing-percent=200');
