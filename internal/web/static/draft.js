// draft.js keeps the editor in step: a try asks again after every answer, a file opens at the line that was named.
import {send} from './page.js';

let soon = 0;
document.addEventListener('change', e => {
  const form = e.target.closest?.('#try-form');
  if (!form) return;
  clearTimeout(soon);
  soon = setTimeout(() => form.isConnected && send(form), e.target.matches('[type=checkbox]') ? 300 : 0);
});

// Times and the tick-all button of the desk's own fields, which its script answers on the desk.
document.addEventListener('click', e => {
  const form = e.target.closest?.('#try-form');
  if (!form) return;
  const time = e.target.closest('[data-day][data-hour]'), all = e.target.closest('[data-all]'), other = e.target.closest('[data-other]');
  if (time) {
    const row = time.closest('.moment');
    row.querySelector('.day').value = time.dataset.day;
    row.querySelector('.hour').value = time.dataset.hour;
    send(form);
  } else if (all) {
    for (const box of all.closest('[data-checks]').querySelectorAll('[type=checkbox]')) box.checked = true;
    send(form);
  } else if (other) {
    document.getElementById(other.dataset.other)?.focus();
  }
});

function toLine() {
  const text = document.getElementById('file-text'), line = Number(text?.dataset.line);
  if (!line || text.dataset.at === String(line)) return;
  text.dataset.at = line;
  const from = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const end = text.value.indexOf('\n', from);
  text.focus({preventScroll: true});
  text.setSelectionRange(from, end < 0 ? text.value.length : end);
  text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
}

// The open clause stands in sight in the tree.
const inSight = () => document.querySelector('.tree .tr.on')?.scrollIntoView({block: 'nearest'});
for (const look of [toLine, inSight]) {
  document.addEventListener('sapa:shown', look);
  look();
}
