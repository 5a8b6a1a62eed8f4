import { html } from '../html.js';
import { link, messageLink } from '../address.js';
import { curl, environment } from '../commands.js';
import { Chips, Field } from '../filters.js';
import { plural, relative, Time, typeName } from '../format.js';
import { Empty, Heading, Loaded, State, Table } from '../parts.js';

const states = ['CREATED', 'ACTIVE', 'RETRY', 'DELIVERED', 'FAILED', 'CANCELED'];

/** Filters that a link chooses: their name in the address, what they are called here, and in the call. */
const chosen = { group: 'group', queue: 'queue', flow: 'flow', schedule: 'schedule', label: 'label', url: 'to' };
const parameters = { group: 'topicName', queue: 'queueName', flow: 'flowControlKey', schedule: 'scheduleId' };

/** What is due and does not start waits for something else than time. */
export function nextAttempt({ nextDeliveryTime, queueName, flowControlKey }, now) {
  if (!nextDeliveryTime) {
    return null;
  }

  return nextDeliveryTime > now ? relative(nextDeliveryTime, now) : queueName || flowControlKey ? 'waits for its turn' : 'due';
}

export const Type = ({ envelope }) => envelope?.messageType ? html`<span title=${envelope.messageType}>${typeName(envelope.messageType)}</span>` : null;

const lastError = ({ responseStatus, reason }) =>
  responseStatus === undefined ? null : html`<span title=${reason}>${responseStatus || 'no answer'}</span>`;

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
  { title: 'Type', name: 'type', cell: message => message.envelope?.messageType ? html`<${Type} ...${message} />` : null },
  { title: 'Message', cell: message => html`
    <a class="id" href=${messageLink(message.messageId)}>${message.messageId}</a>` },
  { title: 'Created', cell: message => html`<${Time} ms=${message.createdAt} now=${now} />` },
  { title: 'Attempts', name: 'number', cell: message => message.attempts },
  { title: 'Last error', name: 'number', cell: lastError },
  { title: 'Next attempt', cell: message => nextAttempt(message, now) },
];

export function Messages({ user, api, version, acted, now, moved, query, amend }) {
  const call = Object.entries(query).filter(([name, value]) => value && ['search', 'state', 'before', ...Object.keys(chosen)].includes(name));
  const source = new URLSearchParams(call.map(([name, value]) => [parameters[name] ?? name, value])).toString();
  const change = some => amend({ ...query, before: '', ...some });
  return html`
    <${Heading} focus=${moved}>Messages<//>
    <div class="toolbar" role="search">
      <${Field} title="Search" type="search" hint="id, type, URL, label, header or body" value=${query.search} change=${search => change({ search })} />
      <label>State
        <select value=${query.state ?? ''} onChange=${event => change({ state: event.target.value })}>
          <option value="">all</option>
          ${states.map(name => html`<option value=${name}>${name.toLowerCase()}</option>`)}
        </select>
      </label>
      <${Chips} query=${query} names=${chosen} change=${change} />
    </div>
    <${Loaded} source=${source} version=${version} load=${() => api.get(`/dashboard/users/${user.name}/messages?${source}`)}>
      ${({ messages, pending, more }, of) => messages.length > 0
        ? html`
          <p class="quiet">${plural(messages.length, 'message')}${query.before ? ', older ones' : more ? ', the newest' : ''}. ${pending} pending in this account.</p>
          <${Table} caption="Messages, newest first" columns=${columns(now)} rows=${messages} ...${of} acted=${acted} keyOf=${message => message.messageId} />
          <p class="toolbar">
            ${query.before && html`<a href=${link('messages', { ...query, before: '' })}>Show the newest</a>`}
            ${more && html`<button type="button" onClick=${() => { location.hash = link('messages', { ...query, before: messages.at(-1).sequence }); }}>Show older</button>`}
          </p>`
        : call.length > 0
          ? html`<${Empty}>No message matches. <a href="#/messages">Show all</a><//>`
          : html`<${Empty} command=${`${environment(user)}\n\n${curl('POST', '/v2/publish/http://127.0.0.1:3000/hook', `-H "Content-Type: application/json"`, `-d '{"hello":"world"}'`)}`}>
              No messages yet. Publish one to a service of yours, and it shows up here:
            <//>`}
    <//>`;
}
