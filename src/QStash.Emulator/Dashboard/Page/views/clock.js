import { html } from '../html.js';
import { Facts, Heading } from '../parts.js';

export const Clock = ({ settings, now, moved }) => html`
  <${Heading} focus=${moved}>Clock<//>
  <${Facts} facts=${[
    ['It is', now && html`<time>${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}</time> UTC`],
    ['Clock', settings.virtualClock ? 'virtual: it moves when the program that started the emulator moves it' : 'the computer’s'],
  ]} />
  <p class="quiet">Delays, back-offs, timeouts, schedules and signatures go by this clock. All times on these pages are UTC.</p>`;
