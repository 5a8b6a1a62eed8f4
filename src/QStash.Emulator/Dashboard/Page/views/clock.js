import { Component, html } from '../html.js';
import { link } from '../address.js';
import { Facts, Heading, Loaded } from '../parts.js';

const steps = ['10s', '1m', '10m', '1h', '1d'];

/** What the control surface says of the clock; null when it is off, or when the clock is the computer's. */
async function load({ settings, api }) {
  if (!settings.virtualClock) {
    return null;
  }

  try {
    return await api.get('/emulator/clock');
  } catch (error) {
    if (error.status === 404) {
      return null;
    }

    throw error;
  }
}

class Controls extends Component {
  state = { by: '' };

  advance(by) {
    const { act, api } = this.props;
    const waiting = new AbortController();
    act(
      () => api.call('POST', '/emulator/clock/advance', JSON.stringify({ by }), {}, waiting.signal),
      `Advanced by ${by}. What became due was delivered on the way.`,
      {
        text: `Advancing by ${by}: what becomes due on the way is delivered, and each answer waited for.`,
        links: [['Open attempts', link('messages', { state: 'ACTIVE' })]],
        stop: () => waiting.abort(),
      });
  }

  render({ act, api, frozen }, { by }) {
    const [path, text, done] = frozen
      ? ['resume', 'Let it run', 'The clock runs.']
      : ['freeze', 'Freeze', 'The clock stands still.'];
    return html`
      <h2>Move it</h2>
      <div class="toolbar" role="group" aria-label="Advance by">
        ${steps.map(step => html`<button type="button" aria-label="Advance by ${step}" onClick=${() => this.advance(step)}>+${step}</button>`)}
      </div>
      <form class="toolbar" onSubmit=${event => { event.preventDefault(); this.advance(by); }}>
        <label>Duration <input required placeholder="1h30m" value=${by} onInput=${event => this.setState({ by: event.target.value })} /></label>
        <button>Advance</button>
      </form>
      <div class="toolbar">
        <button type="button" onClick=${() => act(() => api.post(`/emulator/clock/${path}`), done)}>${text}</button>
      </div>`;
  }
}

export const Clock = context => html`
  <${Heading} focus=${context.moved}>Clock<//>
  <${Loaded} version=${context.version} load=${() => load(context)}>
    ${clock => html`
      <${Facts} facts=${[
        ['It is', context.now && html`<time>${new Date(context.now).toISOString().slice(0, 19).replace('T', ' ')}</time> UTC`],
        ['Clock', context.settings.virtualClock ? 'virtual' : 'the computer’s'],
        ['Motion', clock && (clock.frozen ? 'frozen' : `${clock.scale} s in each real second`)],
      ]} />
      ${clock
        ? html`<${Controls} ...${context} frozen=${clock.frozen} />`
        : context.settings.virtualClock && html`<p class="quiet">The program that started the emulator moves it. The control surface is off, so it cannot be moved here.</p>`}
      <p class="quiet">Delays, back-offs, timeouts, schedules and signatures go by this clock. All times on these pages are UTC.</p>`}
  <//>`;
