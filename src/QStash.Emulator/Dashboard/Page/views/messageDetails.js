import { html } from '../html.js';
import { duration, relative, Time } from '../format.js';
import { Body, Empty, Facts, Heading, Headers, Loaded, State } from '../parts.js';
import { isFinal, timeline } from '../timeline.js';
import { nextAttempt } from './messages.js';

async function load({ api, user, argument: id }) {
  const { logs: entries, bodyLength } = await api.get(`/dashboard/users/${user.name}/messages/${encodeURIComponent(id)}/log`);
  const { messages: [summary] } = await api.get(`/dashboard/users/${user.name}/messages?${new URLSearchParams({ search: id, count: 1 })}`);
  const found = timeline(entries);
  if (found.state === 'DELIVERED') {
    // Not in the log, which is QStash's.
    const answer = await api.get(`/dashboard/users/${user.name}/messages/${encodeURIComponent(id)}/answer`);
    Object.assign(found.attempts.at(-1) ?? {}, answer.responseStatus && { answer });
  }

  return { ...found, summary, bodyLength };
}

const Attempt = ({ attempt, now, isLast, isOver }) => html`
  <li class="attempt">
    <h3>Attempt ${attempt.number} <${State} name=${attempt.state} /></h3>
    <${Facts} facts=${[
      ['Started', html`<${Time} ms=${attempt.start} now=${now} precise />`],
      ['Took', attempt.end !== undefined && duration(attempt.end - attempt.start)],
      ['Sent header', `Upstash-Retried: ${attempt.number - 1}`],
      ['Answer', attempt.answer ? attempt.answer.responseStatus || 'none' : attempt.state === 'DELIVERED' ? 'a success status' : 'awaited'],
      ['Error', attempt.answer?.error],
      ['Next attempt', attempt.next && html`
        <${Time} ms=${attempt.next} now=${now} precise />${isLast && !isOver && ` (${relative(attempt.next, now)})`}`],
    ].filter(([, value]) => value !== false)} />
    ${attempt.answer && attempt.answer.responseStatus > 0 && html`
      <details open=${isLast}>
        <summary>Answer of the destination</summary>
        <${Headers} headers=${attempt.answer.responseHeaders} />
        <${Body} base64=${attempt.answer.responseBody} />
      </details>`}
  </li>`;

const names = { CREATED: 'Accepted', CANCEL_REQUESTED: 'Cancellation requested', CANCELED: 'Cancelled', FAILED: 'Given up, now a dead letter' };

const Event = ({ event, now }) => html`
  <li class="event"><${Time} ms=${event.time} now=${now} precise /> ${names[event.state] ?? event.state}
    ${event.state === 'FAILED' && html` – <a href="#/dlq">see dead letters</a>`}</li>`;

function Found({ request, attempts, events, state, summary, bodyLength, now, cancel, deliver }) {
  const isOver = isFinal(state);
  const [accepted, ...later] = events;
  const waits = ['CREATED', 'RETRY'].includes(state) && summary?.nextDeliveryTime > now && !request.queueName;
  return html`
    <div class="toolbar">
      <${State} name=${state} />
      ${waits && html`<button type="button" onClick=${deliver}>Deliver now</button>`}
      ${!isOver && html`<button type="button" onClick=${cancel}>Cancel message</button>`}
    </div>
    <${Facts} facts=${[
      ['URL group', request.topicName],
      ['Endpoint', request.endpointName],
      ['Queue', request.queueName],
      ['Schedule', request.scheduleId],
      ['Flow control key', request.flowControlKey],
      ['Created', html`<${Time} ms=${request.time} now=${now} />`],
      ['Labels', request.labels?.join(', ')],
      ['Retries', `at most ${request.maxRetries}`],
      ['Retry delay', request.retryDelayExpression],
      ['Timeout', request.timeout && duration(request.timeout)],
      ['Callback', request.callback],
      ['Failure callback', request.failureCallback],
    ]} />
    <h2>Request</h2>
    <p class="line"><span class="method">${request.method}</span> <span class="url">${request.url}</span></p>
    <${Headers} headers=${request.header} />
    <${Body} base64=${request.body} length=${bodyLength} />
    <h2>Attempts</h2>
    <ol class="timeline">
      ${accepted && html`<${Event} event=${accepted} now=${now} />`}
      ${attempts.map(attempt => html`
        <${Attempt} key=${attempt.number} attempt=${attempt} now=${now} isLast=${attempt === attempts.at(-1)} isOver=${isOver} />`)}
      ${summary?.state === 'CREATED' && summary.nextDeliveryTime && html`
        <li class="event">First attempt: ${nextAttempt(summary, now)}</li>`}
      ${later.map(event => html`<${Event} key=${event.state} event=${event} now=${now} />`)}
    </ol>`;
}

export const MessageDetails = context => html`
  <p><a href="#/messages">← All messages</a></p>
  <${Heading} focus=${context.moved}>Message <span class="id">${context.argument}</span><//>
  <${Loaded} version=${context.version} load=${() => load(context)} isFinal=${data => isFinal(data?.state)}>
    ${data => data.request
      ? html`<${Found} ...${data} now=${context.now}
          deliver=${() => context.act(() => context.api.post(`/v2/messages/${encodeURIComponent(context.argument)}/retry`), 'The message is delivered now.')}
          cancel=${() => context.act(() => context.api.delete(`/v2/messages/${encodeURIComponent(context.argument)}`), 'The message is cancelled, or will be instead of its next attempt.')} />`
      : html`<${Empty}>The log of ${context.user.name} has no message with this id. It may belong to another account, or be too old.<//>`}
  <//>`;
