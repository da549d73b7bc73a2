/**
 * On a narrow screen both side panels are drawers. One is open at a time, and Escape and a tap beside it
 * close it. What lies behind or outside cannot be reached by keyboard.
 */
import { byId } from './dom.js';

const PANELS = [
  { panel: 'rooms', opener: 'open-rooms', narrow: matchMedia('(max-width: 760px)') },
  { panel: 'people', opener: 'open-people', narrow: matchMedia('(max-width: 1080px)') },
];

/** @type {string | null} */
let open = null;

function apply() {
  for (const { panel, opener, narrow } of PANELS) {
    byId(panel).classList.toggle('drawer', narrow.matches);
    byId(panel).classList.toggle('open', open === panel);
    byId(panel).inert = narrow.matches && open !== panel;
    byId(opener).setAttribute('aria-expanded', String(open === panel));
  }
  byId('conversation').inert = open !== null;
  byId('scrim').hidden = open === null;
}

/** @param {string | null} panel */
function show(panel) {
  const before = open;
  open = panel;
  apply();
  if (panel) byId(panel).querySelector('.drawer-close').focus();
  else if (before) byId(PANELS.find((one) => one.panel === before)?.opener ?? '').focus();
}

export function closeDrawers() {
  if (open) show(null);
}

export function prepareDrawers() {
  for (const { panel, opener, narrow } of PANELS) {
    byId(opener).addEventListener('click', () => show(panel));
    byId(panel).querySelector('.drawer-close').addEventListener('click', closeDrawers);
    narrow.addEventListener('change', () => {
      if (open === panel) open = null;
      apply();
    });
  }
  byId('scrim').addEventListener('click', closeDrawers);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeDrawers();
  });
  apply();
}
