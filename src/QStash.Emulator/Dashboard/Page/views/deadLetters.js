import { html } from '../html.js';
import { curl } from '../commands.js';
import { decode, plural, Time } from '../format.js';
import { Empty, Heading, Loaded, Table } from '../parts.js';

function columns({ api, act, confirm, now }) {
  const retry = letter => act(
    () => api.post(`/v2/dlq/retry/${encodeURIComponent(letter.dlqId)}`),
    answer => `Sent again as ${answer.messageId}.`);
  const remove = letter => confirm({
    text: `Delete the dead letter ${letter.dlqId} for ${letter.url}?`,
    button: 'Delete',
    action: () => act(() => api.delete(`/v2/dlq/${encodeURIComponent(letter.dlqId)}`), `Deleted ${letter.dlqId}.`),
  });
  return [
    { title: 'Answer', name: 'first', cell: letter => html`<span class="state bad">${letter.responseStatus || 'no answer'}</span>` },
    { title: 'Destination', name: 'wide', cell: letter => html`
      <span class="method">${letter.method}</span> <span class="url">${letter.url}</span>
      <span class="excerpt">${excerpt(letter)}</span>` },
    { title: 'Message', cell: letter => html`<a class="id" href="#/messages/${letter.messageId}">${letter.messageId}</a>` },
    { title: 'Failed', cell: letter => html`<${Time} ms=${Number(letter.dlqId.split('-')[0])} now=${now} />` },
    { title: 'Actions', name: 'actions', cell: letter => html`
      <button type="button" data-action="retry" aria-label="Retry ${letter.messageId}" onClick=${() => retry(letter)}>Retry</button>
      <button type="button" data-action="delete" aria-label="Delete ${letter.messageId}" onClick=${() => remove(letter)}>Delete</button>` },
  ];
}

/** The beginning of the answer says most often why. */
const excerpt = letter => (letter.responseBody ?? (letter.responseBodyBase64 && decode(letter.responseBodyBase64)) ?? '').slice(0, 160);

/** By id, so that what fails after the list was read is left alone. */
const ids = letters => letters.map(letter => `dlqIds=${encodeURIComponent(letter.dlqId)}`).join('&');

function Letters({ messages, cursor, ...context }) {
  const { api, act, confirm } = context;
  const retryAll = () => act(() => api.post(`/v2/dlq/retry?${ids(messages)}`), ({ responses }) => `Sent ${plural(responses.length, 'message')} again.`);
  const deleteAll = () => confirm({
    text: `Delete ${plural(messages.length, 'dead letter')}?`,
    button: 'Delete',
    action: () => act(() => api.delete(`/v2/dlq?${ids(messages)}`), ({ deleted }) => `Deleted ${plural(deleted, 'dead letter')}.`),
  });
  return html`
    <div class="toolbar">
      <button type="button" onClick=${retryAll}>Retry ${plural(messages.length, 'dead letter')}</button>
      <button type="button" onClick=${deleteAll}>Delete ${plural(messages.length, 'dead letter')}</button>
    </div>
    <${Table} caption="Dead letters, newest first" columns=${columns(context)} rows=${messages} keyOf=${letter => letter.dlqId} />
    ${cursor && html`<p class="quiet">There are older ones.</p>`}`;
}

export const DeadLetters = context => html`
  <${Heading} focus=${context.moved}>Dead letters<//>
  <${Loaded} version=${context.version} load=${() => context.api.get(`/dashboard/users/${context.user.name}/dlq`)}>
    ${({ messages, cursor }) => messages.length > 0
      ? html`<${Letters} ...${context} messages=${messages} cursor=${cursor} />`
      : html`<${Empty} command=${curl('POST', '/v2/publish/http://127.0.0.1:9/nobody', '-H "Upstash-Retries: 0"')}>
          Nothing failed for good. A message comes here when its retries are used up, for example one to a place where nobody listens:
        <//>`}
  <//>`;
