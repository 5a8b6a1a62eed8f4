import { html } from './html.js';
import { duration } from './format.js';

/** How the clock differs from the real time, in words; null when it does not. */
export function difference(clock) {
  if (!clock) {
    return null;
  }

  const isOff = Math.abs(clock.ahead) >= 2000;
  const parts = [
    clock.frozen ? 'stands still' : clock.scale !== 1 && `runs ${clock.scale} times as fast as the real time`,
    isOff && `is ${duration(Math.abs(clock.ahead))} ${clock.ahead > 0 ? 'ahead of' : 'behind'} the real time`,
  ].filter(Boolean);
  return parts.length > 0 ? `The clock ${parts.join(' and ')}.` : null;
}

const consequence = ({ ahead }) =>
  Math.abs(ahead) < 5000 ? 'Once it is some minutes off, services that go by the real time answer 401: signatures have a time.'
    : ahead > 0 ? 'Services that go by the real time answer 401: to them, the signatures are from the future.'
      : 'Services that go by the real time answer 401: to them, the signatures have expired.';

/** On every page while the clock is not the real one: what follows from it looks like a mistake in the services otherwise. */
export const ClockMark = ({ clock }) => difference(clock) && html`
  <p class="clock-mark"><strong>${difference(clock)}</strong> ${consequence(clock)} <a href="#/clock">Clock</a></p>`;
