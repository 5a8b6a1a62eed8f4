/**
 * Puts the log of one message, oldest entry first, together: what was sent, the attempts with their answers, and what
 * else happened. An attempt has start, and when it is over end, state and perhaps answer and next.
 */
export function timeline(entries) {
  const attempts = [];
  const events = [];
  for (const entry of entries) {
    const attempt = attempts.at(-1);
    switch (entry.state) {
      case 'ACTIVE':
        attempts.push({ number: attempts.length + 1, start: entry.time, state: 'ACTIVE' });
        break;
      case 'ERROR':
        Object.assign(attempt ?? {}, { end: entry.time, state: 'ERROR', answer: entry });
        break;
      case 'RETRY':
        Object.assign(attempt ?? {}, { next: entry.nextDeliveryTime });
        break;
      case 'DELIVERED':
        Object.assign(attempt ?? {}, { end: entry.time, state: 'DELIVERED' });
        break;
      default:
        events.push({ time: entry.time, state: entry.state });
    }
  }

  return { request: entries[0], attempts, events, state: entries.at(-1)?.state };
}

export const isFinal = state => ['DELIVERED', 'FAILED', 'CANCELED'].includes(state);
