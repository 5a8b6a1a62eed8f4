// Where the page is. All of it is in the address behind '#', so that Back, a reload and a copied link lead to the same place:
// "#/messages/msg_1?search=x" is the view "messages" with an argument and parameters.

export function currentRoute() {
  const [path, ...query] = location.hash.slice(1).split('?');
  const [, name, argument] = path.split('/');
  return { name: name || 'messages', argument: argument && decoded(argument), query: Object.fromEntries(new URLSearchParams(query.join('?'))) };
}

/** A link of somebody else may be badly escaped. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a view; parameters without a value are left out. */
export function link(name, query = {}, argument = '') {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  return `#/${name}${argument && `/${encodeURIComponent(argument)}`}${text && `?${text}`}`;
}

export const messageLink = id => link('messages', {}, id);

/** Other parameters for this view, without a further step for Back. */
export function amend(query) {
  const { name, argument } = currentRoute();
  history.replaceState(null, '', link(name, query, argument));
  remember();
}

/** For links that lead back to a list: what it was searched and filtered by. */
function remember() {
  const { name, argument } = currentRoute();
  if (!argument) {
    sessionStorage.setItem(`last ${name}`, location.hash || link(name));
  }
}

// How far each address was scrolled. The browser would scroll before there is anything to scroll.
history.scrollRestoration = 'manual';
const place = () => `scroll ${location.hash || '#/messages'}`;
let isSettled = false;
let left = '';

addEventListener('scroll', () => isSettled && sessionStorage.setItem(place(), scrollY), { passive: true });
addEventListener('hashchange', ({ oldURL }) => {
  isSettled = false;
  left = new URL(oldURL).hash;
  remember();
});
remember();

/** Scrolls to where this address was left, and to the row that led away. Called when a view has something to show. */
export function settle() {
  if (isSettled) {
    return;
  }

  isSettled = true;
  scrollTo(0, Number(sessionStorage.getItem(place()) ?? 0));
  if (left && !currentRoute().argument) {
    [...document.querySelectorAll('tbody a')].find(({ hash }) => hash === left)?.focus({ preventScroll: true });
  }
}

/** A view as it was when it was seen last, with its search and filters. */
export const lastSeen = name => sessionStorage.getItem(`last ${name}`) || link(name);
