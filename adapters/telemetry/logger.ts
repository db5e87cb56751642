import pino, { type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error';

/** Fields that must never be read in a log, wherever they sit in the first two levels. */
const secrets = ['token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'email', 'secret'];

/** JSON lines. Errors are cut down to what can't hold anybody's data. */
export function createLogger(name: 'api' | 'worker', level: string, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { process: name },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}
