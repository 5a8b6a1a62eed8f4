import { Component, html, render } from './html.js';
import { amend, currentRoute, lastSeen, link } from './address.js';
import { Api } from './api.js';
import { ClockMark } from './clockMark.js';
import { Confirm } from './confirm.js';
import { Notices } from './notices.js';
import { Clock } from './views/clock.js';
import { DeadLetters } from './views/deadLetters.js';
import { FlowControl } from './views/flowControl.js';
import { MessageDetails } from './views/messageDetails.js';
import { Messages } from './views/messages.js';
import { Queues } from './views/queues.js';
import { Schedules } from './views/schedules.js';
import { Send } from './views/send.js';
import { UrlGroups } from './views/urlGroups.js';

const views = [
  ['messages', 'Messages', Messages],
  ['dlq', 'Dead letters', DeadLetters],
  ['schedules', 'Schedules', Schedules],
  ['groups', 'URL groups', UrlGroups],
  ['queues', 'Queues', Queues],
  ['flow', 'Flow control', FlowControl],
  ['clock', 'Clock', Clock],
  ['send', 'Send', Send],
];

const viewOf = ({ name }) => views.find(([known]) => known === name) ?? views[0];

class App extends Component {
  /** `version` grows with each change, and `acted` is what it was after the last one that was made here. */
  state = { route: currentRoute(), version: 0, acted: 0, clock: null, live: false, notice: null, moved: false };

  async componentDidMount() {
    window.addEventListener('hashchange', () => this.setState(({ notice }) =>
      ({ route: currentRoute(), notice: notice?.isBusy ? notice : null, broken: null, moved: true })));
    // A hidden page gives its connection back: browsers allow six for all tabs together.
    document.addEventListener('visibilitychange', () => document.hidden ? this.disconnect() : this.connect());
    try {
      const settings = await new Api().get('/dashboard/settings');
      const remembered = settings.users.find(user => user.name === sessionStorage.getItem('user'));
      this.setState({ settings }, () => this.use(remembered ?? settings.users[0]));
    } catch (error) {
      this.fail(error);
    }
  }

  /** A mistake of the page must not leave it blank. */
  componentDidCatch(error) {
    this.setState({ broken: error.message });
  }

  use(user) {
    sessionStorage.setItem('user', user.name);
    this.disconnect();
    this.setState({ user, api: new Api(user.token), notice: null }, () => this.connect());
  }

  connect() {
    if (!this.state.user || this.events) {
      return;
    }

    this.events = new EventSource(`/dashboard/users/${this.state.user.name}/changes`);
    this.events.onopen = () => this.setState({ live: true });
    this.events.onerror = () => this.setState({ live: false });
    this.events.addEventListener('clock', event => this.setState({ clock: JSON.parse(event.data) }));
    this.events.addEventListener('change', () => this.setState(({ version }) => ({ version: version + 1 })));
  }

  disconnect() {
    this.events?.close();
    this.events = null;
    this.setState({ live: false });
  }

  fail(error) {
    this.setState({ notice: { error: error.message } });
  }

  /**
   * Does something, then says what was done, or why it was not; and meanwhile what is being done, at once or, if nothing is said about it,
   * when it takes longer than one notices.
   */
  async act(action, done, doing) {
    const busy = { isBusy: true, ...(doing?.text ? doing : { text: doing ?? 'Working…' }) };
    this.setState({ notice: doing ? busy : null });
    const soon = setTimeout(() => this.setState({ notice: busy }), 400);
    try {
      const answer = await action();
      const said = typeof done === 'function' ? done(answer) : done;
      this.setState({ notice: typeof said === 'string' ? { text: said } : said });
    } catch (error) {
      this.fail(error);
    } finally {
      clearTimeout(soon);
    }

    this.setState(({ version }) => ({ version: version + 1, acted: version + 1 }));
  }

  /** Other parameters in the address of the view that is open. */
  amend(query) {
    amend(query);
    this.setState({ route: currentRoute() });
  }

  render(_, { settings, user, api, route, version, acted, clock, live, notice, question, moved, broken }) {
    const [name, title, View] = viewOf(route);
    document.title = `${title} – QStash emulator`;
    const context = {
      settings, user, api, version, acted, clock, now: clock?.now, live, moved, argument: route.argument, query: route.query,
      act: (action, done, doing) => this.act(action, done, doing),
      amend: query => this.amend(query),
      confirm: asked => this.setState({ question: asked }),
    };
    const Shown = route.name === 'messages' && route.argument ? MessageDetails : View;
    return html`
      <a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.querySelector('h1')?.focus(); }}>Skip to content</a>
      <header>
        <p class="brand"><img src="/dashboard/page/icon.svg" alt="" width="20" height="20" /> QStash emulator</p>
        <div class="tools">
          <span class="live ${live ? 'on' : 'off'}" role="status">${live ? 'Live' : 'Not connected'}</span>
          ${clock && html`<a class="now" href="#/clock" aria-label="Clock"><time>${new Date(clock.now).toISOString().slice(0, 19).replace('T', ' ')}</time> UTC</a>`}
          ${user && html`
            <label>Account
              <select value=${user.name} onChange=${event => this.use(settings.users.find(({ name }) => name === event.target.value))}>
                ${settings.users.map(({ name }) => html`<option value=${name}>${name}</option>`)}
              </select>
            </label>`}
        </div>
        <nav aria-label="Main">
          <ul>${views.map(([known, text]) => html`
            <li><a href=${known === name ? link(known) : lastSeen(known)} aria-current=${known === name ? 'page' : null}>${text}</a></li>`)}
          </ul>
        </nav>
      </header>
      <${ClockMark} clock=${clock} />
      <main id="main">
        ${broken
          ? html`<h1 tabindex="-1">${title}</h1><p class="error" role="alert">This cannot be shown: ${broken}</p>`
          : user && html`<${Shown} key=${`${user.name}/${name}/${route.argument ?? ''}`} ...${context} />`}
      </main>
      <${Notices} notice=${notice} close=${() => this.setState({ notice: null })} />
      <${Confirm} question=${question} close=${() => this.setState({ question: null })} />`;
  }
}

render(html`<${App} />`, document.getElementById('app'));
