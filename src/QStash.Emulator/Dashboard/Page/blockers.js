import { html } from './html.js';
import { messageLink } from './address.js';
import { relative } from './format.js';

/** A list of the API, each item with the messages that others wait for in it. */
export async function withBlockers({ api, user }, path, kind) {
  const [items, all] = await Promise.all([api.get(path), api.get(`/dashboard/users/${user.name}/blockers`)]);
  return items.map(item => ({ ...item, blockers: all[kind][item.name ?? item.flowControlKey] ?? [] }));
}

const state = ({ isOpen, retried, nextAttempt }, now) =>
  isOpen ? `attempt ${retried + 1} is open` : retried > 0 ? `failed, again ${relative(nextAttempt, now)}` : `due ${relative(nextAttempt, now)}`;

export const Blocking = ({ blockers, now }) => html`
  <ul class="plain">${blockers.map(blocker => html`
    <li><a class="id" href=${messageLink(blocker.messageId)}>${blocker.messageId}</a> <span class="quiet">${state(blocker, now)}</span></li>`)}
  </ul>`;
