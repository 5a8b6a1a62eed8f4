import { html } from './html.js';

/** What was done, or why it was not: over the page, wherever it is scrolled to, so that nothing moves when it comes and goes. */
export const Notices = ({ notice, close }) => html`
  <div class="notices">
    <p class="notice" role="status">${notice?.text}${notice?.links?.map(([text, href]) => html` <a href=${href}>${text}</a>`)}</p>
    <p class="notice error" role="alert">${notice?.error}</p>
    ${notice?.stop && html`<button type="button" onClick=${notice.stop}>Stop waiting</button>`}
    ${(notice?.text || notice?.error) && html`<button type="button" aria-label="Close the notice" onClick=${close}>×</button>`}
  </div>`;
