import { html } from '../html.js';
import { lastSeen, link, messageLink } from '../address.js';
import { publishCommand } from '../commands.js';
import { difference } from '../clockMark.js';
import { duration, relative, Time } from '../format.js';
import { Body, Copyable, Empty, Facts, Heading, Headers, Loaded, State, Table } from '../parts.js';
import { publishing } from '../publishing.js';
import { isFinal, timeline } from '../timeline.js';
import { sentAgain } from './deadLetters.js';
import { nextAttempt, Type } from './messages.js';

async function load({ api, user, argument: id }) {
  const { logs, answer, ...details } = await api.get(`/dashboard/users/${user.name}/messages/${encodeURIComponent(id)}`);
  const found = timeline(logs);
  if (answer) {
    // Not in the log, which is QStash's.
    Object.assign(found.attempts.at(-1) ?? {}, { answer });
  }

  return { ...found, ...details };
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
    ${event.state === 'FAILED' && html` – <a href=${lastSeen('dlq')}>see dead letters</a>`}</li>`;

/** Why it failed, or fails, in a few lines: before what was sent. */
const Failure = ({ summary, state, attempts, clock, now }) => summary?.responseStatus !== undefined && state !== 'DELIVERED' && html`
  <section class="failure" aria-label="Why it failed">
    <h2>${state === 'FAILED' ? 'It failed for good' : 'The last attempt failed'}</h2>
    <p><strong>${summary.responseStatus ? `Status ${summary.responseStatus}` : 'No answer'}</strong>
      ${summary.reason && html`<span>: ${summary.reason}</span>`}</p>
    <p class="quiet">
      ${attempts.length === 1 ? 'After one attempt' : `After ${attempts.length} attempts`}${summary.nextDeliveryTime ? `, the next one ${relative(summary.nextDeliveryTime, now)}` : ''}.
    </p>
    ${summary.responseStatus === 401 && difference(clock) && html`<p>${difference(clock)} A service that goes by the real time refuses its signatures.</p>`}
  </section>`;

const relations = { cause: 'caused this one', effect: 'followed from this one', copy: 'the same message', conversation: 'same conversation' };

const relatedColumns = now => [
  { title: 'Relation', name: 'first', cell: ({ relation }) => html`<span class="state ${relation === 'cause' || relation === 'effect' ? 'busy' : 'plain'}">${relations[relation]}</span>` },
  { title: 'Type', name: 'type', cell: ({ message }) => html`<a href=${messageLink(message.messageId)}>${message.envelope?.messageType ? html`<${Type} ...${message} />` : message.messageId}</a>` },
  { title: 'Consumed at', name: 'wide', cell: ({ message }) => html`
    <span class="url">${message.url}</span>
    ${message.envelope?.sourceAddress && html`<span class="excerpt">sent by ${message.envelope.sourceAddress}</span>`}
    ${message.reason && message.state !== 'DELIVERED' && html`<span class="excerpt">${message.reason}</span>`}` },
  { title: 'State', cell: ({ message }) => html`<${State} name=${message.state} />` },
  { title: 'Created', cell: ({ message }) => html`<${Time} ms=${message.createdAt} now=${now} />` },
];

const Related = ({ related, acted, of, now }) => related && html`
  <h2>Related</h2>
  ${related.length > 0
    ? html`<${Table} caption="Messages of the same conversation, oldest first" columns=${relatedColumns(now)} rows=${related} ...${of} acted=${acted} keyOf=${({ message }) => message.messageId} />`
    : html`<p class="quiet">No other message of this conversation is in the log.</p>`}`;

/** What a shell would take too long to swallow. */
const longestCommand = 100_000;

async function command({ api, user, argument: id }, { request, bodyLength }) {
  const body = await api.body(user, id);
  if (bodyLength > longestCommand) {
    return `# The body has ${bodyLength} bytes, too many for a command: save it from\n# ${location.origin}/dashboard/users/${user.name}/messages/${id}/body\n${publishCommand(publishing(request))} \\\n  --data-binary @body`;
  }

  try {
    return publishCommand(publishing(request), new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    const base64 = btoa(String.fromCharCode(...body));
    return `printf %s ${base64} | base64 -d | ${publishCommand(publishing(request))} \\\n  --data-binary @-`;
  }
}

function Found({ context, ...data }) {
  const { request, attempts, events, state, summary, bodyLength, dlqId, isRedacted, related, of } = data;
  const { api, act, acted, now, clock, argument: id } = context;
  const isOver = isFinal(state);
  const [accepted, ...later] = events;
  const waits = ['CREATED', 'RETRY'].includes(state) && summary?.nextDeliveryTime > now && !request.queueName;
  const path = `/v2/messages/${encodeURIComponent(id)}`;
  const envelope = summary?.envelope;
  return html`
    <div class="toolbar">
      <${State} name=${state} />
      ${waits && html`<button type="button" onClick=${() => act(() => api.post(`${path}/retry`), 'The message is delivered now.')}>Deliver now</button>`}
      ${!isOver && html`<button type="button" onClick=${() => act(() => api.delete(path), 'The message is cancelled, or will be instead of its next attempt.')}>Cancel message</button>`}
      ${dlqId && html`<button type="button" onClick=${() => act(() => api.post(`/v2/dlq/retry/${encodeURIComponent(dlqId)}`), sentAgain)}>Retry</button>`}
      ${isRedacted ? html`<span class="quiet">What is redacted cannot be sent again from here, except by Retry.</span>` : html`
        <a class="button" href=${link('send', { from: id })}>Edit and replay</a>
        <${Copyable} title="Copy as curl" load=${() => command(context, data)} />`}
    </div>
    <${Failure} summary=${summary} state=${state} attempts=${attempts} clock=${clock} now=${now} />
    <${Facts} facts=${[
      ['Type', envelope?.messageType && html`<${Type} envelope=${envelope} />`],
      ['URL group', request.topicName && html`<a href=${link('messages', { group: request.topicName })}>${request.topicName}</a>`],
      ['Endpoint', request.endpointName],
      ['Queue', request.queueName && html`<a href=${link('messages', { queue: request.queueName })}>${request.queueName}</a>`],
      ['Schedule', request.scheduleId && html`<a href=${link('messages', { schedule: request.scheduleId })}>${request.scheduleId}</a>`],
      ['Flow control key', request.flowControlKey && html`<a href=${link('messages', { flow: request.flowControlKey })}>${request.flowControlKey}</a>`],
      ['Created', html`<${Time} ms=${request.time} now=${now} />`],
      ['Labels', request.labels?.join(', ')],
      ['Retries', `at most ${request.maxRetries}`],
      ['Retry delay', request.retryDelayExpression],
      ['Timeout', request.timeout && duration(request.timeout)],
      ['Callback', request.callback],
      ['Failure callback', request.failureCallback],
      ['MessageId', envelope?.messageId],
      ['ConversationId', envelope?.conversationId],
      ['CorrelationId', envelope?.correlationId],
      ['Sent by', envelope?.sourceAddress],
    ]} />
    <${Related} related=${related} acted=${acted} of=${of} now=${now} />
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
  <p><a href=${lastSeen('messages')}>← All messages</a></p>
  <${Heading} focus=${context.moved}>Message <span class="id">${context.argument}</span><//>
  <${Loaded} version=${context.version} load=${() => load(context)}>
    ${(data, of) => data.request
      ? html`<${Found} context=${context} ...${data} of=${of} />`
      : html`<${Empty}>The log of ${context.user.name} has no message with this id. It may belong to another account, or be too old.<//>`}
  <//>`;
