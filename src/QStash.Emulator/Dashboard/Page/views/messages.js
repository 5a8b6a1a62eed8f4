import { Component, html } from '../html.js';
import { curl, environment } from '../commands.js';
import { plural, relative, Time } from '../format.js';
import { Empty, Heading, Loaded, State, Table } from '../parts.js';

const states = ['CREATED', 'ACTIVE', 'RETRY', 'DELIVERED', 'FAILED', 'CANCELED'];
const step = 200;

/** What is due and does not start waits for something else than time. */
export function nextAttempt({ nextDeliveryTime, queueName, flowControlKey }, now) {
  if (!nextDeliveryTime) {
    return null;
  }

  return nextDeliveryTime > now ? relative(nextDeliveryTime, now) : queueName || flowControlKey ? 'waits for its turn' : 'due';
}

const columns = now => [
  { title: 'State', name: 'first', cell: message => html`<${State} name=${message.state} />` },
  { title: 'Destination', name: 'wide', cell: message => html`
    <span class="method">${message.method}</span> <span class="url">${message.url}</span>
    <span class="tags">
      ${message.topicName && html`<span>group ${message.topicName}</span>`}
      ${message.queueName && html`<span>queue ${message.queueName}</span>`}
      ${message.flowControlKey && html`<span>flow ${message.flowControlKey}</span>`}
      ${message.labels?.map(label => html`<span>${label}</span>`)}
    </span>` },
  { title: 'Message', cell: message => html`
    <a class="id" href="#/messages/${message.messageId}">${message.messageId}</a>` },
  { title: 'Created', cell: message => html`<${Time} ms=${message.createdAt} now=${now} />` },
  { title: 'Attempts', name: 'number', cell: message => message.attempts },
  { title: 'Last error', name: 'number', cell: message => message.responseStatus === 0 ? 'no answer' : message.responseStatus },
  { title: 'Next attempt', cell: message => nextAttempt(message, now) },
];

export class Messages extends Component {
  state = { search: '', state: '', count: step };

  render({ user, api, version, now, moved }, { search, state, count }) {
    const query = new URLSearchParams({ count, ...(search && { search }), ...(state && { state }) }).toString();
    return html`
      <${Heading} focus=${moved}>Messages<//>
      <div class="toolbar" role="search">
        <label>Search
          <input type="search" placeholder="id, URL, group, queue or label" value=${search}
            onInput=${event => this.setState({ search: event.target.value, count: step })} />
        </label>
        <label>State
          <select value=${state} onChange=${event => this.setState({ state: event.target.value, count: step })}>
            <option value="">all</option>
            ${states.map(name => html`<option value=${name}>${name.toLowerCase()}</option>`)}
          </select>
        </label>
      </div>
      <${Loaded} source=${query} version=${version} load=${() => api.get(`/dashboard/users/${user.name}/messages?${query}`)}>
        ${({ messages, pending, more }) => messages.length > 0
          ? html`
            <p class="quiet">${plural(messages.length, 'message')}${more && ', the newest'}. ${pending} pending in this account.</p>
            <${Table} caption="Messages, newest first" columns=${columns(now)} rows=${messages} keyOf=${message => message.messageId} />
            ${more && html`<p><button type="button" onClick=${() => this.setState({ count: Math.min(count + step, 2000) })}>Show older</button></p>`}`
          : search || state
            ? html`<${Empty}>No message matches.<//>`
            : html`<${Empty} command=${`${environment(user)}\n\n${curl('POST', '/v2/publish/http://127.0.0.1:3000/hook', `-H "Content-Type: application/json"`, `-d '{"hello":"world"}'`)}`}>
                No messages yet. Publish one to a service of yours, and it shows up here:
              <//>`}
      <//>`;
  }
}
