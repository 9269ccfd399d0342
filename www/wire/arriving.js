/** A file on its way over a slow line: how many of its bytes have come, and of how many. */

/**
 * @typedef {{ done: number, total: number }} Arrived bytes; `total` is 0 where nobody knows how many there are
 * @typedef {{ raw: number, packed: number }} Size bytes as it lies there, and as a host that packs it sends it; 0: not known
 */

/**
 * What is told of a file after so many of its unpacked bytes. Of one that the host packs, only those can be counted, and what a person
 * waits for are the packed ones: their number is the same part of the whole.
 * @param {Headers} headers of the answer @param {Size} size
 * @returns {(bytes: number) => Arrived}
 */
export function arrival(headers, { raw, packed }) {
  const length = Number(headers.get('content-length')) || 0;
  const plain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  const whole = plain ? length || raw : raw;
  const total = plain ? whole : whole && (length || packed || raw);
  return (bytes) => {
    // More than there should be: then it is not known how much there is.
    if (whole === 0 || bytes > whole) return { done: bytes, total: 0 };
    return { done: Math.round((bytes / whole) * total), total };
  };
}

/**
 * The same answer, of which each piece is told as it passes.
 * @param {Response} answer @param {Size} size @param {(arrived: Arrived) => void} tell @returns {Response}
 */
export function counted(answer, size, tell) {
  const { body, ok, status, statusText, headers } = answer;
  if (!body || !ok) return answer;
  const told = arrival(headers, size);
  let bytes = 0;
  tell(told(bytes));
  const counting = new TransformStream({
    transform(/** @type {Uint8Array} */ piece, pieces) {
      tell(told((bytes += piece.length)));
      pieces.enqueue(piece);
    },
  });
  const type = headers.get('content-type');
  return new Response(body.pipeThrough(counting), {
    status,
    statusText,
    headers: type ? { 'content-type': type } : {},
  });
}

/** Size of the engine, which a release writes into its page behind that of the page; nothing is known of a working tree, or in a page of others. @returns {Size} */
export function engineSize() {
  const meta = globalThis.document?.querySelector('meta[name="insitu-bytes"]')?.getAttribute('content') ?? '';
  const numbers = meta.split(' ').map(Number);
  const known = numbers.length === 4 && numbers.every((n) => n > 0);
  const [raw, packed] = known ? numbers.slice(2) : [0, 0];
  return { raw, packed };
}
