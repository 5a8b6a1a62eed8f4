import { html } from '../html.js';
import { link, messageLink } from '../address.js';
import { curl } from '../commands.js';
import { Field } from '../filters.js';
import { plural, Time, typeName } from '../format.js';
import { Empty, Heading, Loaded, Table } from '../parts.js';

/** The filters of `qstash dlq`, by their names there: what they are called in the call, and here. */
const filters = {
  endpoint: ['endpoint', 'Endpoint'], to: ['url', 'To'], status: ['responseStatus', 'Status'], reason: ['reason', 'Reason'],
  since: ['fromDate', 'Since'], until: ['toDate', 'Until'], label: ['label', 'Label'], group: ['topicName', 'Group'],
  queue: ['queueName', 'Queue'], message: ['messageId', 'Message id'],
};
const fields = { endpoint: 'orders', status: '500', reason: 'fault', since: '6h, or 2026-01-31' };
const more = { to: 'https://…', until: '1h', label: '', group: '', queue: '', message: 'msg_…' };

const unitsOfTime = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time, or how long ago: "90m", "6h", "7d". NaN for anything else. */
function timeOf(text, now) {
  const [, number, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  return number ? now - number * unitsOfTime[unit] : Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text);
}

/** The parameters of the call; an Error for a time that is none. */
function parameters(query, now) {
  const given = new URLSearchParams();
  for (const [name, [parameter, title]] of Object.entries(filters)) {
    if (!query[name]) {
      continue;
    }

    const isTime = name === 'since' || name === 'until';
    const value = isTime ? timeOf(query[name], now) : query[name];
    if (isTime && Number.isNaN(value)) {
      throw new Error(`${title} takes a time such as 2026-01-31T10:00Z, or how long ago, such as 90m, 6h or 7d.`);
    }

    given.set(parameter, isTime ? Math.floor(value) : value);
  }

  return given;
}

function columns({ api, act, confirm, now }) {
  const retry = letter => confirm({
    text: `Send ${letter.messageId} to ${letter.url} again, as a new message?`,
    button: 'Send again',
    keep: 'Not now',
    action: () => act(() => api.post(`/v2/dlq/retry/${encodeURIComponent(letter.dlqId)}`), sentAgain),
  });
  const remove = letter => confirm({
    text: `Delete the dead letter ${letter.dlqId} for ${letter.url}?`,
    button: 'Delete',
    action: () => act(() => api.delete(`/v2/dlq/${encodeURIComponent(letter.dlqId)}`), `Deleted ${letter.dlqId}.`),
  });
  return [
    { title: 'Answer', name: 'first', cell: letter => html`<span class="state bad">${letter.responseStatus || 'no answer'}</span>` },
    { title: 'Destination', name: 'wide', cell: letter => html`
      <span class="method">${letter.method}</span> <span class="url">${letter.url}</span>
      ${letter.reason && html`<span class="excerpt">${letter.reason}</span>`}
      <span class="tags">
        ${letter.topicName && html`<span>group ${letter.topicName}</span>`}
        ${letter.queueName && html`<span>queue ${letter.queueName}</span>`}
        ${letter.labels?.map(label => html`<span>${label}</span>`)}
      </span>` },
    { title: 'Type', name: 'type', cell: letter => letter.messageType ? html`<span title=${letter.messageType}>${typeName(letter.messageType)}</span>` : null },
    { title: 'Message', cell: letter => html`<a class="id" href=${messageLink(letter.messageId)}>${letter.messageId}</a>` },
    { title: 'Failed', cell: letter => html`<${Time} ms=${letter.failedAt} now=${now} />` },
    { title: 'Actions', name: 'actions', cell: letter => html`
      <button type="button" data-action="retry" aria-label="Retry ${letter.messageId}" onClick=${() => retry(letter)}>Retry</button>
      <button type="button" data-action="delete" aria-label="Delete ${letter.messageId}" onClick=${() => remove(letter)}>Delete</button>` },
  ];
}

/** The notice after a retry, with a link to the new message. */
export const sentAgain = ({ messageId }) => ({ text: `Sent again as ${messageId}.`, links: [['Show it', messageLink(messageId)]] });

/** Those that match now, in calls of a hundred. By id, so that what fails meanwhile is left alone. */
async function each({ api, user }, given, call) {
  const ids = await api.get(`/dashboard/users/${user.name}/dlq/ids?${given}`);
  for (let start = 0; start < ids.length; start += 100) {
    await call(ids.slice(start, start + 100).map(id => `dlqIds=${encodeURIComponent(id)}`).join('&'));
  }

  return ids.length;
}

function Letters({ messages, total, cursor, given, of, ...context }) {
  const { api, act, acted, confirm, query } = context;
  const all = plural(total, 'dead letter');
  const retryAll = () => confirm({
    text: `Send ${all} again, as new messages?`,
    button: 'Send again',
    keep: 'Not now',
    action: () => act(() => each(context, given, ids => api.post(`/v2/dlq/retry?${ids}`)), count => `Sent ${plural(count, 'message')} again.`),
  });
  const deleteAll = () => confirm({
    text: `Delete ${all}?`,
    button: 'Delete',
    action: () => act(() => each(context, given, ids => api.delete(`/v2/dlq?${ids}`)), count => `Deleted ${plural(count, 'dead letter')}.`),
  });
  return html`
    <div class="toolbar">
      <button type="button" onClick=${retryAll}>Retry ${all}</button>
      <button type="button" onClick=${deleteAll}>Delete ${all}</button>
    </div>
    <${Table} caption="Dead letters, newest first" columns=${columns(context)} rows=${messages} ...${of} acted=${acted} keyOf=${letter => letter.dlqId} />
    <p class="toolbar">
      ${query.before && html`<a href=${link('dlq', { ...query, before: '' })}>Show the newest</a>`}
      ${cursor && html`<button type="button" onClick=${() => { location.hash = link('dlq', { ...query, before: cursor }); }}>Show older</button>`}
    </p>`;
}

export function DeadLetters(context) {
  const { api, user, version, now, moved, query, amend } = context;
  const change = some => amend({ ...query, before: '', ...some });
  const isFiltered = Object.keys(filters).some(name => query[name]);
  const field = ([name, hint]) => html`
    <${Field} key=${name} title=${filters[name][1]} hint=${hint} value=${query[name]} change=${value => change({ [name]: value })} />`;
  const load = async () => {
    const given = parameters(query, now ?? Date.now());
    const page = await api.get(`/dashboard/users/${user.name}/dlq?${given}${query.before ? `&before=${encodeURIComponent(query.before)}` : ''}`);
    return { ...page, given };
  };
  return html`
    <${Heading} focus=${moved}>Dead letters<//>
    <div class="toolbar filters" role="search">${Object.entries(fields).map(field)}</div>
    <details open=${Object.keys(more).some(name => query[name])}>
      <summary>More filters</summary>
      <div class="toolbar filters">${Object.entries(more).map(field)}</div>
    </details>
    <${Loaded} source=${JSON.stringify(query)} version=${version} load=${load}>
      ${(page, of) => page.messages.length > 0
        ? html`<${Letters} ...${context} ...${page} of=${of} />`
        : isFiltered || query.before
          ? html`<${Empty}>No dead letter matches. <a href="#/dlq">Show all</a><//>`
          : html`<${Empty} command=${curl('POST', '/v2/publish/http://127.0.0.1:9/nobody', '-H "Upstash-Retries: 0"')}>
              Nothing failed for good. A message comes here when its retries are used up, for example one to a place where nobody listens:
            <//>`}
    <//>`;
}
