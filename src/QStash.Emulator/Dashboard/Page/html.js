// Markup in template strings, without a build step. Whatever is put into it is inserted as text.
import { h } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export { Component, createRef, render } from './vendor/preact.mjs';

/** A page stays quick with texts of this length; a `pre` cuts by itself. */
const longest = 5000;

/** Characters that change the direction of those around them: what is shown in another order than it has can lie about an address. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const visible = character => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
const show = text => text.replace(direction, visible);
const cut = text => text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;

function safe(child, type) {
  if (Array.isArray(child)) {
    return child.map(item => safe(item, type));
  }

  return typeof child === 'string' ? show(type === 'pre' ? child : cut(child)) : child;
}

function create(type, props, ...children) {
  // A component passes its children on to elements, or works with them as they are.
  if (typeof type === 'function') {
    return h(type, props, ...children);
  }

  const shown = props && Object.fromEntries(Object.entries(props).map(([name, value]) =>
    [name, typeof value === 'string' && (name.startsWith('aria-') || name === 'title') ? show(cut(value)) : value]));
  return h(type, shown, ...children.map(child => safe(child, type)));
}

export const html = htm.bind(create);
