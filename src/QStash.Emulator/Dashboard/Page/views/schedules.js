import { html } from '../html.js';
import { link, messageLink } from '../address.js';
import { curl } from '../commands.js';
import { relative, Time } from '../format.js';
import { publishing } from '../publishing.js';
import { Empty, Heading, Loaded, State, Table } from '../parts.js';

/** QStash has no call for it: publishes what the schedule would, without its id. */
function publish(api, schedule) {
  const { path, headers } = publishing(schedule);
  const body = schedule.bodyBase64 ? Uint8Array.from(atob(schedule.bodyBase64), character => character.charCodeAt(0)) : schedule.body;
  return api.call('POST', path, body, headers);
}

const published = ({ scheduleId }, answer) => ({
  text: `Published the message of ${scheduleId}.`,
  links: [].concat(answer).map(({ messageId }) => [messageId, messageLink(messageId)]),
});

function columns({ api, act, now }) {
  const path = schedule => `/v2/schedules/${encodeURIComponent(schedule.scheduleId)}`;
  const toggle = schedule => act(
    () => api.post(`${path(schedule)}/${schedule.isPaused ? 'resume' : 'pause'}`),
    `${schedule.isPaused ? 'Resumed' : 'Paused'} ${schedule.scheduleId}.`);
  return [
    { title: 'State', name: 'first', cell: schedule => html`<${State} name=${schedule.isPaused ? 'PAUSED' : 'RUNNING'} />` },
    { title: 'Destination', name: 'wide', cell: schedule => html`
      <span class="method">${schedule.method}</span> <span class="url">${schedule.destination}</span>
      <span class="tags"><span>${schedule.scheduleId}</span><a href=${link('messages', { schedule: schedule.scheduleId })}>Messages</a>${schedule.queueName && html`<span>queue ${schedule.queueName}</span>`}</span>
      ${schedule.error && html`<span class="excerpt">${schedule.error}</span>`}` },
    { title: 'Cron', cell: schedule => html`<code>${schedule.cron}</code>` },
    { title: 'Last run', cell: schedule => schedule.lastScheduleTime ? html`<${Time} ms=${schedule.lastScheduleTime} now=${now} />` : null },
    { title: 'Next run', cell: schedule => schedule.nextScheduleTime && !schedule.isPaused
      ? html`
      <span>
        <${Time} ms=${schedule.nextScheduleTime} now=${now} /> <span class="quiet">${relative(schedule.nextScheduleTime, now)}</span>
        ${schedule.laterRuns.map(ms => html`<span class="later"><${Time} ms=${ms} now=${now} /></span>`)}
      </span>` : null },
    { title: 'Actions', name: 'actions', cell: schedule => html`
      <button type="button" data-action="run" aria-label="Run ${schedule.scheduleId} now"
        onClick=${() => act(() => publish(api, schedule), answer => published(schedule, answer))}>Run now</button>
      <button type="button" data-action="toggle" aria-label="${schedule.isPaused ? 'Resume' : 'Pause'} ${schedule.scheduleId}" onClick=${() => toggle(schedule)}>
        ${schedule.isPaused ? 'Resume' : 'Pause'}</button>` },
  ];
}

async function load({ api, user }) {
  const [schedules, runs] = await Promise.all([api.get('/v2/schedules'), api.get(`/dashboard/users/${user.name}/runs`)]);
  return schedules.map(schedule => ({ ...schedule, laterRuns: runs[schedule.scheduleId]?.slice(1) ?? [] }));
}

export const Schedules = context => html`
  <${Heading} focus=${context.moved}>Schedules<//>
  <${Loaded} version=${context.version} load=${() => load(context)}>
    ${(schedules, of) => schedules.length > 0
      ? html`<${Table} caption="Schedules" columns=${columns(context)} rows=${schedules} ...${of} acted=${context.acted} keyOf=${schedule => schedule.scheduleId} />`
      : html`<${Empty} command=${curl('POST', '/v2/schedules/http://127.0.0.1:3000/hook', '-H "Upstash-Cron: */5 * * * *"', `-d '{"hello":"world"}'`)}>
          No schedules. A schedule publishes a message again and again, here every five minutes:
        <//>`}
  <//>`;
