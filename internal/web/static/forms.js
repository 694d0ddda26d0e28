// forms.js is the small help that single pages want: show a password, copy a text, count characters, show what a choice
// asks for. Each is asked for by an attribute (sapa.js lists them).
const each = (sel, act) => document.querySelectorAll(sel).forEach(act);

function counters() {
  each('[data-count]', one => {
    const field = document.getElementById(one.dataset.count);
    if (field && one.dataset.countSay) one.textContent = one.dataset.countSay.replace('{n}', field.value.length).replace('{max}', field.maxLength);
  });
}

function mirrors() {
  each('[data-mirror]', one => {
    const text = document.getElementById(one.dataset.mirror)?.value.trim() || '–';
    if (one.textContent !== text) one.textContent = text;
  });
}

// A part of a form that belongs to one choice shows only while it is chosen; without a script all of them show.
function parts() {
  each('[data-for]', one => {
    const form = one.closest('form') ?? document.getElementById(one.dataset.of);
    one.hidden = one.dataset.for !== (form?.querySelector('[name=criterion]:checked')?.value ?? '');
  });
  each('[data-for-when]', one => {
    const chosen = one.closest('form')?.querySelector('[name=requested]:checked')?.value;
    one.hidden = one.dataset.forWhen !== chosen;
  });
  each('label:has(> input.vh[type=radio]), label:has(> input.vh[type=checkbox])', label => {
    if (!label.closest('form[data-draft]')) label.classList.toggle('on', label.querySelector('input').checked);
  });
}

function dress() {
  each('[data-show][hidden],[data-copy][hidden]', one => { one.hidden = false; });
  counters();
  mirrors();
  parts();
}

document.addEventListener('click', e => {
  const show = e.target.closest('[data-show]');
  if (show) {
    const field = document.getElementById(show.dataset.show), hidden = field.type === 'password';
    field.type = hidden ? 'text' : 'password';
    show.setAttribute('aria-pressed', String(hidden));
    field.focus();
  }
  const copy = e.target.closest('[data-copy]');
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    navigator.clipboard?.writeText(field.value).catch(() => document.execCommand('copy')) ?? document.execCommand('copy');
    const words = copy.querySelector('[data-copied]');
    if (words) [words.textContent, words.dataset.copied] = [words.dataset.copied, words.textContent];
    setTimeout(() => { if (words?.isConnected) [words.textContent, words.dataset.copied] = [words.dataset.copied, words.textContent]; }, 2000);
  }
  const fill = e.target.closest('[data-fill]');
  if (fill) {
    const form = document.getElementById(fill.dataset.form) ?? fill.closest('form');
    for (const [name, value] of Object.entries(JSON.parse(fill.dataset.fill))) form.elements[name].value = value;
    form.querySelector('[type=submit]').focus();
  }
});

const caps = e => each('#caps', one => { one.hidden = !e.getModifierState?.('CapsLock'); });
document.addEventListener('keydown', e => { if (e.target.id === 'password') caps(e); });
document.addEventListener('keyup', e => { if (e.target.id === 'password') caps(e); });
document.addEventListener('input', () => { counters(); mirrors(); });
document.addEventListener('change', parts);
document.addEventListener('sapa:shown', dress);
document.addEventListener('sapa:zone', dress);
dress();
