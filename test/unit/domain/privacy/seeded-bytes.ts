import { createCipheriv, createHash } from 'node:crypto';
import { discreteLaplace, type Noise, type RandomBytes } from '../../../../domain/privacy/discrete-laplace';

const stretch = 65_536;

/** The same bytes each time for the same seed, as good as random: the key stream of AES in counter mode. */
export function seededBytes(seed: string): RandomBytes {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const next = () => cipher.update(Buffer.alloc(stretch));
  let bytes = next();
  let at = 0;
  return (count) => {
    if (at + count > stretch) [bytes, at] = [next(), 0];
    at += count;
    return bytes.subarray(at - count, at);
  };
}

export const seededNoise = (seed: string): Noise => {
  const random = seededBytes(seed);
  return (epsilon) => discreteLaplace(epsilon, random);
};
