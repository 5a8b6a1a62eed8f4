import { Component, html, render } from './html.js';
import { Api } from './api.js';
import { Confirm } from './confirm.js';
import { Clock } from './views/clock.js';
import { DeadLetters } from './views/deadLetters.js';
import { FlowControl } from './views/flowControl.js';
import { MessageDetails } from './views/messageDetails.js';
import { Messages } from './views/messages.js';
import { Queues } from './views/queues.js';
import { Schedules } from './views/schedules.js';
import { UrlGroups } from './views/urlGroups.js';

const views = [
  ['messages', 'Messages', Messages],
  ['dlq', 'Dead letters', DeadLetters],
  ['schedules', 'Schedules', Schedules],
  ['groups', 'URL groups', UrlGroups],
  ['queues', 'Queues', Queues],
  ['flow', 'Flow control', FlowControl],
  ['clock', 'Clock', Clock],
];

/** `#/messages/msg_1` is the view "messages" with the argument "msg_1". */
function currentRoute() {
  const [, name, argument] = location.hash.split('/');
  return { name: views.some(([known]) => known === name) ? name : 'messages', argument: argument && decoded(argument) };
}

/** A link of somebody else may be badly escaped. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class App extends Component {
  state = { route: currentRoute(), version: 0, now: null, live: false, status: '', error: '', moved: false };

  async componentDidMount() {
    window.addEventListener('hashchange', () => this.setState({ route: currentRoute(), status: '', error: '', moved: true }));
    // A hidden page gives its connection back: browsers allow six for all tabs together.
    document.addEventListener('visibilitychange', () => document.hidden ? this.disconnect() : this.connect());
    try {
      const settings = await new Api().get('/dashboard/settings');
      const remembered = settings.users.find(user => user.name === sessionStorage.getItem('user'));
      this.setState({ settings }, () => this.use(remembered ?? settings.users[0]));
    } catch (error) {
      this.setState({ error: error.message });
    }
  }

  use(user) {
    sessionStorage.setItem('user', user.name);
    this.disconnect();
    this.setState({ user, api: new Api(user.token), status: '', error: '' }, () => this.connect());
  }

  connect() {
    if (!this.state.user || this.events) {
      return;
    }

    this.events = new EventSource(`/dashboard/users/${this.state.user.name}/changes`);
    this.events.onopen = () => this.setState({ live: true });
    this.events.onerror = () => this.setState({ live: false });
    this.events.addEventListener('clock', event => this.setState({ now: Number(event.data) }));
    this.events.addEventListener('change', () => this.changed());
  }

  disconnect() {
    this.events?.close();
    this.events = null;
    this.setState({ live: false });
  }

  changed() {
    this.setState(({ version }) => ({ version: version + 1 }));
  }

  /** Does something, then says what was done, or why it was not. */
  async act(action, done) {
    this.setState({ status: '', error: '' });
    try {
      const answer = await action();
      this.setState({ status: typeof done === 'function' ? done(answer) : done });
    } catch (error) {
      this.setState({ error: error.message });
    }

    this.changed();
  }

  render(_, { settings, user, api, route, version, now, live, status, error, question, moved }) {
    const [, title, View] = views.find(([name]) => name === route.name);
    document.title = `${title} – QStash emulator`;
    const context = {
      settings, user, api, version, now, live, moved, argument: route.argument,
      act: (action, done) => this.act(action, done),
      confirm: asked => this.setState({ question: asked }),
    };
    const Shown = route.name === 'messages' && route.argument ? MessageDetails : View;
    return html`
      <a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.querySelector('h1')?.focus(); }}>Skip to content</a>
      <header>
        <p class="brand"><img src="/dashboard/page/icon.svg" alt="" width="20" height="20" /> QStash emulator</p>
        <div class="tools">
          <span class="live ${live ? 'on' : 'off'}" role="status">${live ? 'Live' : 'Not connected'}</span>
          ${now && html`<a class="now" href="#/clock" aria-label="Clock"><time>${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}</time> UTC</a>`}
          ${user && html`
            <label>Account
              <select value=${user.name} onChange=${event => this.use(settings.users.find(({ name }) => name === event.target.value))}>
                ${settings.users.map(({ name }) => html`<option value=${name}>${name}</option>`)}
              </select>
            </label>`}
        </div>
        <nav aria-label="Main">
          <ul>${views.map(([name, text]) => html`
            <li><a href="#/${name}" aria-current=${name === route.name ? 'page' : null}>${text}</a></li>`)}
          </ul>
        </nav>
      </header>
      <main id="main">
        <p class="notice" role="status">${status}</p>
        <p class="notice error" role="alert">${error}</p>
        ${user && html`<${Shown} key=${`${user.name}/${route.name}/${route.argument ?? ''}`} ...${context} />`}
      </main>
      <${Confirm} question=${question} close=${() => this.setState({ question: null })} />`;
  }
}

render(html`<${App} />`, document.getElementById('app'));
